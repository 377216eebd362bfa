/* What libdeputy.so exports; everything else in it is hidden. */
#ifndef DEPUTY_EXPORT_H
#define DEPUTY_EXPORT_H

#if defined(__GNUC__)
#define DEPUTY_API __attribute__((visibility("default")))
#else
#define DEPUTY_API
#endif

#endif
