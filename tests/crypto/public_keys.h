// An RSA key of 2048 bits in the three forms in which people have it, one that is too short, and a certificate.
#pragma once

namespace deputy {

inline constexpr const char* kSshLine =
    "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQCp2JuwC59hjp7GxrqIsC/wqVjSxBTUuOOKjTCe9JESoPkqzJ026CMULHP9O7WU"
    "UQuLJpOm9NzFfzXRE5ijwuwSFdEK5Mp4iDjvgzlmeLgKqI3s6FnfyusAv1mNF/vdan/EPMcVcSS5uLk4D3oQ/YAIKkZecMcoz+rL"
    "x1vxvJ7Rq5PijAoUmYAtoiUO9DMPG9m52y1AfPE1dalVBRPtCbQK28g4rUAUhz1ayRC+y+2pRDA1a4E/eELLatYz799bXtviEfUn"
    "TIGWXdKokBRq1We0IQ0Uyg6+PpYTM4MPtpF8UyZe0WVBHA9QYmazj1v4fYr6J//v7i1TpI7LzjyAHFuz";
inline constexpr const char* kSshFingerprint = "1e:86:e5:d1:db:69:94:2d:bf:a1:ec:99:62:b1:e6:be";
inline constexpr const char* kSshPem =
    "-----BEGIN PUBLIC KEY-----\n"
    "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAqdibsAufYY6exsa6iLAv\n"
    "8KlY0sQU1Ljjio0wnvSREqD5KsydNugjFCxz/Tu1lFELiyaTpvTcxX810ROYo8Ls\n"
    "EhXRCuTKeIg474M5Zni4CqiN7OhZ38rrAL9ZjRf73Wp/xDzHFXEkubi5OA96EP2A\n"
    "CCpGXnDHKM/qy8db8bye0auT4owKFJmALaIlDvQzDxvZudstQHzxNXWpVQUT7Qm0\n"
    "CtvIOK1AFIc9WskQvsvtqUQwNWuBP3hCy2rWM+/fW17b4hH1J0yBll3SqJAUatVn\n"
    "tCENFMoOvj6WEzODD7aRfFMmXtFlQRwPUGJms49b+H2K+if/7+4tU6SOy848gBxb\n"
    "swIDAQAB\n"
    "-----END PUBLIC KEY-----\n";
inline constexpr const char* kSshRsaPem =
    "-----BEGIN RSA PUBLIC KEY-----\n"
    "MIIBCgKCAQEAqdibsAufYY6exsa6iLAv8KlY0sQU1Ljjio0wnvSREqD5KsydNugj\n"
    "FCxz/Tu1lFELiyaTpvTcxX810ROYo8LsEhXRCuTKeIg474M5Zni4CqiN7OhZ38rr\n"
    "AL9ZjRf73Wp/xDzHFXEkubi5OA96EP2ACCpGXnDHKM/qy8db8bye0auT4owKFJmA\n"
    "LaIlDvQzDxvZudstQHzxNXWpVQUT7Qm0CtvIOK1AFIc9WskQvsvtqUQwNWuBP3hC\n"
    "y2rWM+/fW17b4hH1J0yBll3SqJAUatVntCENFMoOvj6WEzODD7aRfFMmXtFlQRwP\n"
    "UGJms49b+H2K+if/7+4tU6SOy848gBxbswIDAQAB\n"
    "-----END RSA PUBLIC KEY-----\n";
inline constexpr const char* kShortSshLine =
    "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQDWLiMAyebqGrL8fjrbTvUbvWcOcbrrj26JKPOPsZbCa9UtCJat+Id5sD0emSEI"
    "127bmXUZzNaro7hWlYNNI053/g6poM3moZ9LhAdm/s9STn8rUYmH7dth7zvBo6va4nYAHBxtQbqN5sxJO3HKfV7LDiCo59rYeniP"
    "t68K3nV9sQ==";
inline constexpr const char* kShortSshPem =
    "-----BEGIN PUBLIC KEY-----\n"
    "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDWLiMAyebqGrL8fjrbTvUbvWcO\n"
    "cbrrj26JKPOPsZbCa9UtCJat+Id5sD0emSEI127bmXUZzNaro7hWlYNNI053/g6p\n"
    "oM3moZ9LhAdm/s9STn8rUYmH7dth7zvBo6va4nYAHBxtQbqN5sxJO3HKfV7LDiCo\n"
    "59rYeniPt68K3nV9sQIDAQAB\n"
    "-----END PUBLIC KEY-----\n";
/// Self-signed, of the key above.
inline constexpr const char* kCertificatePem =
    "-----BEGIN CERTIFICATE-----\n"
    "MIIC/zCCAeegAwIBAgIUcEioyiR37mmN2TSqrsdLpdlixiEwDQYJKoZIhvcNAQEL\n"
    "BQAwDzENMAsGA1UEAwwEZGFuYTAeFw0yNjExMjkwNjUzMjlaFw0zNjExMjYwNjUz\n"
    "MjlaMA8xDTALBgNVBAMMBGRhbmEwggEiMA0GCSqGSIb3DQEBAQUAA4IBDwAwggEK\n"
    "AoIBAQCp2JuwC59hjp7GxrqIsC/wqVjSxBTUuOOKjTCe9JESoPkqzJ026CMULHP9\n"
    "O7WUUQuLJpOm9NzFfzXRE5ijwuwSFdEK5Mp4iDjvgzlmeLgKqI3s6FnfyusAv1mN\n"
    "F/vdan/EPMcVcSS5uLk4D3oQ/YAIKkZecMcoz+rLx1vxvJ7Rq5PijAoUmYAtoiUO\n"
    "9DMPG9m52y1AfPE1dalVBRPtCbQK28g4rUAUhz1ayRC+y+2pRDA1a4E/eELLatYz\n"
    "799bXtviEfUnTIGWXdKokBRq1We0IQ0Uyg6+PpYTM4MPtpF8UyZe0WVBHA9QYmaz\n"
    "j1v4fYr6J//v7i1TpI7LzjyAHFuzAgMBAAGjUzBRMB0GA1UdDgQWBBS4YzJKAxV1\n"
    "9zWVkCfceeUATjlMDjAfBgNVHSMEGDAWgBS4YzJKAxV19zWVkCfceeUATjlMDjAP\n"
    "BgNVHRMBAf8EBTADAQH/MA0GCSqGSIb3DQEBCwUAA4IBAQAkQHybMYOXvqbt0CCc\n"
    "7iVupZoNUawXxg81/lNcEqr6xBnyAru996hWpluLHctWZg3einBKJDNiCzHvX+mc\n"
    "s6MmRwRe0yiVpmvgg68fiBD9vo6wdWMLNgSoan0ClCbYvC1cNqKVKyalkIs5EZEV\n"
    "XgMXrKS8gTpZ0DHjV504rvYLL9XgB/CI0JjgC6w1TdcmqBAok5VJ6VWlFo8dPpSp\n"
    "RjM1lTvnhUXArComE+0EjLWnChuj1Ne2SyiEZI2Wf5zvOm4U5Q+PAqh7OfWIoyoC\n"
    "IhzsV6tHrOjMv+wAfa1Q9HaASvYQKGw3WH1E5di7CyQ2axPhXzsAPvkkWiY9mEHM\n"
    "oxPk\n"
    "-----END CERTIFICATE-----\n";

}  // namespace deputy
