#include "lq/web/certificate.h"

#include <arpa/inet.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <string.h>

#include "base/file.h"

enum {
    AUTHORITY_DAYS = 3653,
    SERVER_DAYS = 365,
    SERIAL_BYTES = 16,
    FILE_MOST = 64 * 1024,
    DAY_S = 24 * 3600,
};

static const char *const OWN_NAMES[] = {"localhost", "127.0.0.1"};
enum { OWN = sizeof OWN_NAMES / sizeof *OWN_NAMES };

static enum lq_status failed(const char *what)
{
    char why[160];
    ERR_error_string_n(ERR_get_error(), why, sizeof why);
    ERR_clear_error();
    return lq_fault(LQ_E_IO, "cannot make %s: %s", what, why);
}

static bool is_address(const char *name)
{
    struct in_addr address;
    return inet_pton(AF_INET, name, &address) == 1;
}

// ---------------------------------------------------------------- files

// The certificate, behind its key if there is one.
static enum lq_status write_pem(const char *path, EVP_PKEY *key, X509 *certificate)
{
    BIO *pem = BIO_new(key != NULL ? BIO_s_secmem() : BIO_s_mem());
    enum lq_status status = LQ_OK;
    char *text;
    if (pem == NULL ||
        (key != NULL && PEM_write_bio_PrivateKey(pem, key, NULL, NULL, 0, NULL, NULL) != 1) ||
        PEM_write_bio_X509(pem, certificate) != 1)
        status = failed(path);
    if (status == LQ_OK) {
        const long size = BIO_get_mem_data(pem, &text);
        status = lq_file_replace(path, lq_span(text, (size_t)size), key != NULL ? 0600 : 0644);
    }
    BIO_free(pem);
    return status;
}

static enum lq_status open_pem(const char *path, struct lq_arena *arena, BIO **pem)
{
    struct lq_span bytes;
    const enum lq_status status = lq_file_load(path, FILE_MOST, arena, &bytes);
    if (status == LQ_OK)
        *pem = BIO_new_mem_buf(bytes.data, (int)bytes.size);
    return status;
}

// A certificate, and the key before it unless `key` is NULL. What was read is the caller's to free,
// also where the other could not be.
static enum lq_status load(const char *path, struct lq_arena *arena, X509 **certificate,
                           EVP_PKEY **key)
{
    BIO *pem = NULL;
    enum lq_status status = open_pem(path, arena, &pem);
    if (status != LQ_OK)
        return status;
    *certificate = PEM_read_bio_X509(pem, NULL, NULL, NULL);
    if (*certificate == NULL)
        status = lq_fault(LQ_E_INPUT, "%s is no certificate (PEM)", path);
    if (status == LQ_OK && key != NULL) {
        (void)BIO_reset(pem);
        *key = PEM_read_bio_PrivateKey(pem, NULL, NULL, NULL);
        if (*key == NULL)
            status = lq_fault(LQ_E_INPUT, "%s is no private key (PEM)", path);
    }
    ERR_clear_error();
    BIO_free(pem);
    return status;
}

// ---------------------------------------------------------------- making one

// "DNS:lianqin.xian.gov,IP:10.0.0.5", and for an authority "permitted;DNS:…,permitted;IP:…/mask".
static const char *listed(struct lq_arena *arena, struct lq_certificate_names names, bool permitted)
{
    const char *text = "";
    for (size_t i = 0; i < names.count + OWN; i++) {
        const char *name = i < names.count ? names.names[i] : OWN_NAMES[i - names.count];
        const bool address = is_address(name);
        text = lq_arena_format(arena, "%s%s%s%s:%s%s", text, i > 0 ? "," : "",
                               permitted ? "permitted;" : "", address ? "IP" : "DNS", name,
                               permitted && address ? "/255.255.255.255" : "");
    }
    return text;
}

static bool add(X509 *certificate, X509 *issuer, int what, const char *value)
{
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, issuer, certificate, NULL, NULL, 0);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, what, value);
    const bool added = extension != NULL && X509_add_ext(certificate, extension, -1) == 1;
    X509_EXTENSION_free(extension);
    return added;
}

static bool add_serial(X509 *certificate)
{
    uint8_t bytes[SERIAL_BYTES];
    if (RAND_bytes(bytes, sizeof bytes) != 1)
        return false;
    bytes[0] = (bytes[0] & 0x3f) | 0x40; // positive, and of one length (RFC 5280, 4.1.2.2)
    BIGNUM *number = BN_bin2bn(bytes, sizeof bytes, NULL);
    const bool added =
        number != NULL && BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate)) != NULL;
    BN_free(number);
    return added;
}

static bool add_name(X509_NAME *subject, const char *name)
{
    return X509_NAME_add_entry_by_txt(subject, "O", MBSTRING_UTF8, (const uint8_t *)"Lianqin 联勤",
                                      -1, -1, 0) == 1 &&
           X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, (const uint8_t *)name, -1, -1,
                                      0) == 1;
}

// What both kinds have: from yesterday on, since clocks differ.
static bool begin(X509 *certificate, EVP_PKEY *key, const char *name, time_t from_s, time_t until_s)
{
    return X509_set_version(certificate, X509_VERSION_3) == 1 && add_serial(certificate) &&
           ASN1_TIME_set(X509_getm_notBefore(certificate), from_s) != NULL &&
           ASN1_TIME_set(X509_getm_notAfter(certificate), until_s) != NULL &&
           add_name(X509_get_subject_name(certificate), name) &&
           X509_set_pubkey(certificate, key) == 1;
}

static bool fill_authority(struct lq_arena *arena, X509 *certificate, EVP_PKEY *key,
                           struct lq_certificate_names names, time_t now_s)
{
    return begin(certificate, key, lq_arena_format(arena, "CA %s", names.names[0]), now_s - DAY_S,
                 now_s + (time_t)AUTHORITY_DAYS * DAY_S) &&
           X509_set_issuer_name(certificate, X509_get_subject_name(certificate)) == 1 &&
           add(certificate, certificate, NID_basic_constraints, "critical,CA:TRUE,pathlen:0") &&
           add(certificate, certificate, NID_key_usage, "critical,keyCertSign,cRLSign") &&
           add(certificate, certificate, NID_ext_key_usage, "serverAuth") &&
           add(certificate, certificate, NID_name_constraints,
               lq_arena_format(arena, "critical,%s", listed(arena, names, true))) &&
           add(certificate, certificate, NID_subject_key_identifier, "hash") &&
           X509_sign(certificate, key, EVP_sha256()) > 0;
}

enum lq_status lq_certificate_make_authority(struct lq_arena *arena,
                                             const struct lq_certificate_files *files,
                                             struct lq_certificate_names names, int64_t now_ms)
{
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *certificate = X509_new();
    enum lq_status status = LQ_OK;
    if (key == NULL || certificate == NULL ||
        !fill_authority(arena, certificate, key, names, (time_t)(now_ms / 1000)))
        status = failed("the authority's certificate");
    if (status == LQ_OK)
        status = write_pem(files->authority, key, certificate);
    if (status == LQ_OK)
        status = write_pem(files->shown, NULL, certificate);
    X509_free(certificate);
    EVP_PKEY_free(key);
    return status;
}

enum lq_status lq_certificate_show(struct lq_arena *arena, const struct lq_certificate_files *files)
{
    X509 *certificate = NULL;
    enum lq_status status = load(files->authority, arena, &certificate, NULL);
    if (status == LQ_OK)
        status = write_pem(files->shown, NULL, certificate);
    X509_free(certificate);
    return status;
}

static bool fill_server(struct lq_arena *arena, X509 *certificate, EVP_PKEY *key,
                        struct lq_certificate_names names, X509 *authority, time_t now_s)
{
    time_t until_s = now_s + (time_t)SERVER_DAYS * DAY_S;
    if (X509_cmp_time(X509_get0_notAfter(authority), &until_s) < 0) {
        int days, seconds;
        if (ASN1_TIME_diff(&days, &seconds, NULL, X509_get0_notAfter(authority)) != 1)
            return false;
        until_s = time(NULL) + (time_t)days * DAY_S + seconds;
    }
    return begin(certificate, key, names.names[0], now_s - DAY_S, until_s) &&
           X509_set_issuer_name(certificate, X509_get_subject_name(authority)) == 1 &&
           add(certificate, authority, NID_basic_constraints, "critical,CA:FALSE") &&
           add(certificate, authority, NID_key_usage, "critical,digitalSignature") &&
           add(certificate, authority, NID_ext_key_usage, "serverAuth") &&
           add(certificate, authority, NID_subject_alt_name, listed(arena, names, false)) &&
           add(certificate, authority, NID_subject_key_identifier, "hash") &&
           add(certificate, authority, NID_authority_key_identifier, "keyid:always");
}

enum lq_status lq_certificate_make_server(struct lq_arena *arena,
                                          const struct lq_certificate_files *files,
                                          struct lq_certificate_names names, int64_t now_ms)
{
    X509 *authority = NULL, *certificate = X509_new();
    EVP_PKEY *authority_key = NULL, *key = EVP_EC_gen("P-256");
    enum lq_status status = load(files->authority, arena, &authority, &authority_key);
    if (status == LQ_OK &&
        (key == NULL || certificate == NULL ||
         !fill_server(arena, certificate, key, names, authority, (time_t)(now_ms / 1000)) ||
         X509_sign(certificate, authority_key, EVP_sha256()) <= 0))
        status = failed("the server's certificate");
    if (status == LQ_OK)
        status = write_pem(files->server, key, certificate);
    X509_free(authority);
    X509_free(certificate);
    EVP_PKEY_free(authority_key);
    EVP_PKEY_free(key);
    return status;
}

// ---------------------------------------------------------------- reading one

static int64_t until_ms(const X509 *certificate)
{
    struct tm at;
    if (ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &at) != 1)
        return 0;
    return (int64_t)timegm(&at) * 1000;
}

static const char *fingerprint(struct lq_arena *arena, const X509 *certificate)
{
    uint8_t hash[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    if (X509_digest(certificate, EVP_sha256(), hash, &size) != 1)
        return "";
    char *text = lq_arena_alloc(arena, 3 * (size_t)size + 1), *at = text;
    for (unsigned i = 0; i < size; i++)
        at += sprintf(at, "%s%02X", i > 0 ? ":" : "", hash[i]);
    return text;
}

enum lq_status lq_certificate_read(const char *path, struct lq_arena *arena,
                                   struct lq_certificate *out)
{
    X509 *certificate = NULL;
    const enum lq_status status = load(path, arena, &certificate, NULL);
    if (status == LQ_OK)
        *out = (struct lq_certificate){until_ms(certificate), fingerprint(arena, certificate)};
    X509_free(certificate);
    return status;
}

// Would a server's certificate for this name be taken from this authority? OpenSSL judges one that
// is made for the question.
static bool may_vouch(struct lq_arena *arena, const NAME_CONSTRAINTS *constraints, const char *name)
{
    X509 *asked = X509_new();
    const char *san = lq_arena_format(arena, "%s:%s", is_address(name) ? "IP" : "DNS", name);
    bool vouches = asked != NULL && add(asked, asked, NID_subject_alt_name, san);
    if (vouches) {
        (void)X509_check_purpose(asked, -1, 0); // reads its names, and says that it is unsigned
        vouches =
            NAME_CONSTRAINTS_check(asked, (NAME_CONSTRAINTS *)(uintptr_t)constraints) == X509_V_OK;
        ERR_clear_error();
    }
    X509_free(asked);
    return vouches;
}

static bool has_name(X509 *certificate, const char *name)
{
    return is_address(name) ? X509_check_ip_asc(certificate, name, 0) == 1
                            : X509_check_host(certificate, name, 0, 0, NULL) == 1;
}

enum lq_status lq_certificate_lacks(const char *path, struct lq_arena *arena,
                                    struct lq_certificate_names names, const char **lacks)
{
    X509 *certificate = NULL;
    const enum lq_status status = load(path, arena, &certificate, NULL);
    *lacks = NULL;
    if (status != LQ_OK)
        return status;
    NAME_CONSTRAINTS *constraints = X509_get_ext_d2i(certificate, NID_name_constraints, NULL, NULL);
    for (size_t i = 0; i < names.count && *lacks == NULL; i++) {
        const char *name = names.names[i];
        if (constraints != NULL ? !may_vouch(arena, constraints, name)
                                : !has_name(certificate, name))
            *lacks = name;
    }
    NAME_CONSTRAINTS_free(constraints);
    X509_free(certificate);
    return status;
}
