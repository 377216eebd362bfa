/* libdeputy in C: may this request happen under these AWS policies?
 *
 *   deputy_policy* trust = deputy_policy_new(DEPUTY_TRUST, deputy_str(json), deputy_str("trust"));
 *   deputy_policy_set* policies = deputy_policy_set_new();
 *   deputy_policy_set_add(policies, trust, 0);
 *
 *   deputy_principal dana = {.type = DEPUTY_USER, .arn = deputy_str("arn:aws:iam::111111111111:user/dana")};
 *   deputy_text assume = deputy_str("sts:AssumeRole"), role = deputy_str(role_arn);
 *   deputy_request* request = deputy_request_new(&dana, assume, role, deputy_str(""));
 *   deputy_request_set(request, deputy_str("aws:SourceIp"), deputy_str("10.0.0.4"));
 *
 *   deputy_decision decision;
 *   if (deputy_decide(policies, request, &decision) == DEPUTY_OK && decision.allowed) ...
 *
 * What always holds:
 * - In doubt the answer is no: a broken policy, set or request, and every misuse, denies. deputy_decide() fills its
 *   answer in whatever happens, so that an unchecked status cannot grant anything.
 * - No exception crosses this line, and no pointer that is NULL is followed. A function that makes something returns
 *   NULL only when memory is out, and everything that it makes is freed by its own _free (NULL is taken).
 * - Text is borrowed for the call only. Error strings belong to their handle, end with a NUL, and live until the handle
 *   is changed or freed. NULL as an error says that there is none.
 * - Handles that nobody changes may be shared by threads.
 * - This ABI only grows: structs keep their layout, numbers their meaning, as long as the SONAME is libdeputy.so.1.
 */
#ifndef DEPUTY_DEPUTY_H
#define DEPUTY_DEPUTY_H

#include <deputy/export.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Of this header. */
#define DEPUTY_ABI_VERSION 1
/* Of the library that is loaded: DEPUTY_ABI_VERSION when it was built. */
DEPUTY_API uint32_t deputy_abi_version(void);
/* Of the library that is loaded: "0.1.0". */
DEPUTY_API const char* deputy_version(void);

/* What became of a call. */
typedef int32_t deputy_status;
enum {
  DEPUTY_OK = 0,       /* done */
  DEPUTY_INVALID = 1,  /* a NULL handle, a number without meaning, or a handle that has an error */
  DEPUTY_NO_MEMORY = 2 /* nothing was done */
};

/* Text with its length, so that a NUL in it cannot cut it short. UTF-8. */
typedef struct deputy_text {
  const char* data; /* may be NULL if size is 0 */
  size_t size;
} deputy_text;

/* Text that ends with a NUL; NULL is the empty text. */
static inline deputy_text deputy_str(const char* text) {
  deputy_text out;
  out.data = text;
  out.size = text != NULL ? strlen(text) : 0;
  return out;
}

/* ---- policies: compiled once ---- */

/* Where a policy hangs; decides its grammar and its part in the decision. */
typedef int32_t deputy_policy_type;
enum {
  DEPUTY_IDENTITY = 0,     /* inline policy of the user, the role, or a group of the user */
  DEPUTY_MANAGED = 1,      /* managed policy attached to one of them */
  DEPUTY_BOUNDARY = 2,     /* permissions boundary */
  DEPUTY_SESSION = 3,      /* session policy, inline or by ARN */
  DEPUTY_TRUST = 4,        /* of the role that is asked for */
  DEPUTY_BUCKET = 5,       /* S3 bucket policy */
  DEPUTY_KEY = 6,          /* KMS key policy */
  DEPUTY_GENERIC = 7,      /* any other resource-based policy */
  DEPUTY_VPC_ENDPOINT = 8, /* of the VPC endpoint that the request came through */
  DEPUTY_SCP = 9,          /* service control policy of the caller's account */
  DEPUTY_RCP = 10          /* resource control policy of the resource's account */
};

/* A compiled document: immutable, so that threads may share it. */
typedef struct deputy_policy deputy_policy;
/* Parses, validates and compiles a document of at most 131,072 bytes. The name is for answers. */
DEPUTY_API deputy_policy* deputy_policy_new(deputy_policy_type type, deputy_text json, deputy_text name);
/* "line 3, column 7: …", or NULL if it compiled. */
DEPUTY_API const char* deputy_policy_error(const deputy_policy* policy);
/* From 1; 0 if there is no error, or it is of the document as a whole. */
DEPUTY_API uint32_t deputy_policy_error_line(const deputy_policy* policy);
/* In characters, as the line. */
DEPUTY_API uint32_t deputy_policy_error_column(const deputy_policy* policy);
/* A set keeps its policies alive: the handle may go as soon as it was added. */
DEPUTY_API void deputy_policy_free(deputy_policy* policy);

/* ---- what binds one caller and one resource ---- */

/* All policies that bind them: both accounts' sides of a cross-account request. */
typedef struct deputy_policy_set deputy_policy_set;
/* An empty one. */
DEPUTY_API deputy_policy_set* deputy_policy_set_new(void);
/* The type says where the policy belongs; level: of SCPs and RCPs, 0 the root, last the account, else 0. A policy that
 * did not compile, a second boundary, endpoint or resource policy, or a level over 15 leaves the set with an error. */
DEPUTY_API deputy_status deputy_policy_set_add(deputy_policy_set* set, const deputy_policy* policy, uint32_t level);
/* The session was made with session policies, even if none was added: what none of them allows is denied. */
DEPUTY_API deputy_status deputy_policy_set_limit_to_session(deputy_policy_set* set);
/* There are so many levels of SCPs or RCPs, even if nothing was added to some: those allow nothing. */
DEPUTY_API deputy_status deputy_policy_set_require_levels(deputy_policy_set* set, deputy_policy_type type,
                                                          uint32_t levels);
/* Why the set denies everything; NULL if it does not for that reason. */
DEPUTY_API const char* deputy_policy_set_error(const deputy_policy_set* set);
/* The names of policies in decisions that came of it go with it. */
DEPUTY_API void deputy_policy_set_free(deputy_policy_set* set);

/* ---- the question ---- */

/* What kind of caller asks. */
typedef int32_t deputy_principal_type;
enum {
  DEPUTY_ANONYMOUS = 0,      /* without credentials */
  DEPUTY_ROOT = 1,           /* the root user of an account */
  DEPUTY_USER = 2,           /* an IAM user */
  DEPUTY_ROLE_SESSION = 3,   /* whoever assumed a role */
  DEPUTY_FEDERATED_USER = 4, /* a session of GetFederationToken */
  DEPUTY_SERVICE = 5,        /* an AWS service */
  DEPUTY_WEB_IDENTITY = 6,   /* with a token of an OpenID Connect provider: AssumeRoleWithWebIdentity alone */
  DEPUTY_SAML = 7            /* with an assertion of a SAML provider: AssumeRoleWithSAML alone */
};

/* Who asks. What a type does not have stays empty. */
typedef struct deputy_principal {
  deputy_principal_type type; /* decides which of the others are read */
  deputy_text arn;            /* session ARN of sessions; the provider of web identity and SAML callers */
  deputy_text unique_id;      /* AIDA…, AROA…:session-name, account:name; may be left out */
  deputy_text role_arn;       /* of a role session, with its path */
  deputy_text user_arn;       /* of a federated user */
  deputy_text service;        /* "lambda.amazonaws.com" */
} deputy_principal;

/* Who wants to do what to which resource, and in which circumstances. Owns its text. */
typedef struct deputy_request deputy_request;
/* action: "s3:GetObject". resource: an ARN, or "*". resource_account: who owns it; empty where the ARN says so (not for
 * S3 buckets). The context keys of the principal and aws:ResourceAccount are set, no others. */
DEPUTY_API deputy_request* deputy_request_new(const deputy_principal* principal, deputy_text action,
                                              deputy_text resource, deputy_text resource_account);
/* The next question in the same memory. */
DEPUTY_API deputy_status deputy_request_reset(deputy_request* request, const deputy_principal* principal,
                                              deputy_text action, deputy_text resource, deputy_text resource_account);
/* Sets a context key, replacing what it was. */
DEPUTY_API deputy_status deputy_request_set(deputy_request* request, deputy_text key, deputy_text value);
/* As above; no values make the key absent. */
DEPUTY_API deputy_status deputy_request_set_list(deputy_request* request, deputy_text key, const deputy_text* values,
                                                 size_t count);
/* Why the request is denied whatever the policies say; NULL if it is not. */
DEPUTY_API const char* deputy_request_error(const deputy_request* request);
/* With all text that was copied into it. */
DEPUTY_API void deputy_request_free(deputy_request* request);

/* ---- the answer ---- */

/* The kinds of policies in the order in which they are asked. */
typedef int32_t deputy_layer;
enum {
  DEPUTY_LAYER_NONE = 0,         /* nobody denied; or the set or the request has an error */
  DEPUTY_LAYER_RCP = 1,          /* resource control policies */
  DEPUTY_LAYER_SCP = 2,          /* service control policies */
  DEPUTY_LAYER_VPC_ENDPOINT = 3, /* the VPC endpoint's policy */
  DEPUTY_LAYER_RESOURCE = 4,     /* the resource's own policy: bucket, key, trust */
  DEPUTY_LAYER_IDENTITY = 5,     /* inline and managed policies of the caller */
  DEPUTY_LAYER_BOUNDARY = 6,     /* its permissions boundary */
  DEPUTY_LAYER_SESSION = 7       /* the session's own policies */
};
/* "identity", …; "" for DEPUTY_LAYER_NONE and for numbers without meaning. */
DEPUTY_API const char* deputy_layer_name(deputy_layer layer);

/* The answer. */
typedef struct deputy_decision {
  int32_t allowed;       /* 1 or 0 */
  int32_t explicit_deny; /* 1: a Deny statement decided; 0: an Allow was missing */
  deputy_layer layer;    /* which denied */
  int32_t statement;     /* index of the statement that decided; -1: none */
  deputy_text policy;    /* name of its policy; belongs to the set */
} deputy_decision;

/* Allocates nothing, takes no lock. Anything but DEPUTY_OK comes with a denial. */
DEPUTY_API deputy_status deputy_decide(const deputy_policy_set* policies, const deputy_request* request,
                                       deputy_decision* decision);

/* An answer with its reasons; it needs neither the set nor the request any more. */
typedef struct deputy_explanation deputy_explanation;
/* Why deputy_decide() answers as it does. */
DEPUTY_API deputy_explanation* deputy_explain(const deputy_policy_set* policies, const deputy_request* request);
/* For people, several lines. */
DEPUTY_API const char* deputy_explanation_text(const deputy_explanation* explanation);
/* For programs: one object on one line. */
DEPUTY_API const char* deputy_explanation_json(const deputy_explanation* explanation);
/* With the texts that came of it. */
DEPUTY_API void deputy_explanation_free(deputy_explanation* explanation);

#ifdef __cplusplus
}
#endif

#endif
