#include "authn/federation/saml_library.h"

#ifdef DEPUTY_STATIC
#include <xmlsec/errors.h>
#include <xmlsec/openssl/app.h>
#include <xmlsec/openssl/crypto.h>
#else
#include <dlfcn.h>
#endif

#include <optional>
#include <string_view>

#include "host/log.h"

namespace deputy::authn {
namespace {

#ifdef DEPUTY_STATIC
/// A static program has them linked in, and only asks for them by the same names.
class Loaded {
 public:
  explicit Loaded(const char*) {}
  [[nodiscard]] bool ok() const { return true; }
  template <class Function>
  bool find(Function& function, const char* name) const {
    for (const auto& [known, address] : kLinked) {
      if (name == known) function = reinterpret_cast<Function>(address);
    }
    return function != nullptr;
  }

 private:
  struct Linked {
    std::string_view name;
    void (*address)();
  };
  template <class Function>
  static Linked linked(std::string_view name, Function* function) {
    return {name, reinterpret_cast<void (*)()>(function)};
  }
#define DEPUTY_LINKED(function) linked(#function, &::function)
  static inline const Linked kLinked[] = {
      DEPUTY_LINKED(xmlInitParser),
      DEPUTY_LINKED(xmlReadMemory),
      DEPUTY_LINKED(xmlFreeDoc),
      DEPUTY_LINKED(xmlDocGetRootElement),
      DEPUTY_LINKED(xmlAddID),
      DEPUTY_LINKED(xmlC14NExecute),
      DEPUTY_LINKED(xmlAllocOutputBuffer),
      DEPUTY_LINKED(xmlOutputBufferClose),
      DEPUTY_LINKED(xmlOutputBufferGetContent),
      DEPUTY_LINKED(xmlOutputBufferGetSize),
      DEPUTY_LINKED(xmlSecInit),
      DEPUTY_LINKED(xmlSecErrorsSetCallback),
      DEPUTY_LINKED(xmlSecDSigCtxCreate),
      DEPUTY_LINKED(xmlSecDSigCtxDestroy),
      DEPUTY_LINKED(xmlSecDSigCtxVerify),
      DEPUTY_LINKED(xmlSecDSigReferenceCtxGetPreDigestBuffer),
      DEPUTY_LINKED(xmlSecPtrListGetSize),
      DEPUTY_LINKED(xmlSecPtrListGetItem),
      DEPUTY_LINKED(xmlSecBufferGetData),
      DEPUTY_LINKED(xmlSecBufferGetSize),
      DEPUTY_LINKED(xmlSecOpenSSLAppInit),
      DEPUTY_LINKED(xmlSecOpenSSLInit),
      DEPUTY_LINKED(xmlSecOpenSSLAppKeyLoadMemory),
  };
#undef DEPUTY_LINKED
};
#else
/// Symbols of one shared library, which stays loaded: its code may be running when the process ends.
class Loaded {
 public:
  explicit Loaded(const char* name) : handle_(::dlopen(name, RTLD_NOW | RTLD_LOCAL)) {
    if (handle_ == nullptr) log::error("no SAML: {}", ::dlerror());
  }
  [[nodiscard]] bool ok() const { return handle_ != nullptr; }
  /// False: it has no such function.
  template <class Function>
  bool find(Function& function, const char* name) const {
    function = reinterpret_cast<Function>(::dlsym(handle_, name));
    if (function == nullptr) log::error("no SAML: {}", ::dlerror());
    return function != nullptr;
  }

 private:
  void* handle_;
};
#endif

bool start(const Loaded& xml, const Loaded& xmlsec, const Loaded& openssl) {
  void (*init_parser)() = nullptr;
  int (*init_xmlsec)() = nullptr;
  int (*init_openssl_application)(const char*) = nullptr;
  int (*init_openssl)() = nullptr;
  if (!xml.find(init_parser, "xmlInitParser") || !xmlsec.find(init_xmlsec, "xmlSecInit") ||
      !openssl.find(init_openssl_application, "xmlSecOpenSSLAppInit") ||
      !openssl.find(init_openssl, "xmlSecOpenSSLInit")) {
    return false;
  }
  init_parser();
  if (init_xmlsec() == 0 && init_openssl_application(nullptr) == 0 && init_openssl() == 0) return true;
  log::error("no SAML: xmlsec1 does not start");
  return false;
}

/// xmlsec and libxml2 would write what a stranger sent to standard error.
bool silence(const Loaded& xmlsec) {
  void (*silent)(void (*)(const char*, int, const char*, const char*, const char*, int, const char*)) = nullptr;
  if (!xmlsec.find(silent, "xmlSecErrorsSetCallback")) return false;
  silent([](const char*, int, const char*, const char*, const char*, int, const char*) {});
  return true;
}

std::optional<SamlLibrary> load() {
  static const Loaded xml("libxml2.so.2"), xmlsec("libxmlsec1.so.1"), openssl("libxmlsec1-openssl.so.1");
  if (!xml.ok() || !xmlsec.ok() || !openssl.ok()) return std::nullopt;
  SamlLibrary l{};
  const bool complete =
      xml.find(l.read_memory, "xmlReadMemory") && xml.find(l.free_document, "xmlFreeDoc") &&
      xml.find(l.root, "xmlDocGetRootElement") && xml.find(l.add_id, "xmlAddID") &&
      xml.find(l.canonicalize, "xmlC14NExecute") && xml.find(l.make_output, "xmlAllocOutputBuffer") &&
      xml.find(l.free_output, "xmlOutputBufferClose") && xml.find(l.output_data, "xmlOutputBufferGetContent") &&
      xml.find(l.output_size, "xmlOutputBufferGetSize") && xmlsec.find(l.make_verifier, "xmlSecDSigCtxCreate") &&
      xmlsec.find(l.free_verifier, "xmlSecDSigCtxDestroy") && xmlsec.find(l.verify, "xmlSecDSigCtxVerify") &&
      xmlsec.find(l.digested, "xmlSecDSigReferenceCtxGetPreDigestBuffer") &&
      xmlsec.find(l.list_size, "xmlSecPtrListGetSize") && xmlsec.find(l.list_item, "xmlSecPtrListGetItem") &&
      xmlsec.find(l.buffer_data, "xmlSecBufferGetData") && xmlsec.find(l.buffer_size, "xmlSecBufferGetSize") &&
      openssl.find(l.load_key, "xmlSecOpenSSLAppKeyLoadMemory");
  // Starting sets xmlsec's own way to tell errors again.
  if (!complete || !silence(xmlsec) || !start(xml, xmlsec, openssl) || !silence(xmlsec)) return std::nullopt;
  return l;
}

}  // namespace

const SamlLibrary* SamlLibrary::get() {
  static const std::optional<SamlLibrary> kLibrary = load();
  return kLibrary ? &*kLibrary : nullptr;
}

}  // namespace deputy::authn
