// SHA-2 of OpenSSL's libcrypto by its direct functions: they use the processor's instructions and, unlike
// the general interface, read no configuration file and load no provider.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>
