// Internal to authn/: libxml2 and xmlsec1, loaded when the first SAML document comes. A server without SAML pays
// neither their time nor their memory at its start (together some 10 ms and 4 MB), and needs them installed no more
// than it needs SAML.
//
//   const SamlLibrary* library = SamlLibrary::get();     // null: not installed; the log says what is missing
//   library->read_memory(text.data(), …);
//
// The functions are those of the headers, by the same types: nothing is called through a declaration of our own.
#pragma once

#include <libxml/c14n.h>
#include <libxml/parser.h>
#include <libxml/tree.h>
#include <xmlsec/buffer.h>
#include <xmlsec/keys.h>
#include <xmlsec/list.h>
#include <xmlsec/xmldsig.h>
#include <xmlsec/xmlsec.h>

namespace deputy::authn {

struct SamlLibrary {
  // libxml2
  decltype(&::xmlReadMemory) read_memory;
  decltype(&::xmlFreeDoc) free_document;
  decltype(&::xmlDocGetRootElement) root;
  decltype(&::xmlAddID) add_id;
  decltype(&::xmlC14NExecute) canonicalize;
  decltype(&::xmlAllocOutputBuffer) make_output;
  decltype(&::xmlOutputBufferClose) free_output;
  decltype(&::xmlOutputBufferGetContent) output_data;
  decltype(&::xmlOutputBufferGetSize) output_size;
  // xmlsec1
  decltype(&::xmlSecDSigCtxCreate) make_verifier;
  decltype(&::xmlSecDSigCtxDestroy) free_verifier;
  decltype(&::xmlSecDSigCtxVerify) verify;
  decltype(&::xmlSecDSigReferenceCtxGetPreDigestBuffer) digested;
  decltype(&::xmlSecPtrListGetSize) list_size;
  decltype(&::xmlSecPtrListGetItem) list_item;
  decltype(&::xmlSecBufferGetData) buffer_data;
  decltype(&::xmlSecBufferGetSize) buffer_size;
  // xmlsec1 over OpenSSL: a public key out of a certificate
  xmlSecKeyPtr (*load_key)(const xmlSecByte* data, xmlSecSize size, xmlSecKeyDataFormat format, const char* password,
                           void* callback, void* callback_context);

  static const SamlLibrary* get();
};

}  // namespace deputy::authn
