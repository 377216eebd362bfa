// What a C library made, given back to it by the function that it has for that.
//
//   using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
#pragma once

namespace deputy {

template <auto kFree>
struct Freed {
  template <class T>
  void operator()(T* what) const {
    kFree(what);
  }
};

}  // namespace deputy
