/*
 * certificates - makes N self-signed certificates, each for one name and with a key of its own (ECDSA P-256):
 *
 *   certificates FOLDER PATTERN N
 *
 * FOLDER/0.pem and so on hold certificate and key. %d in PATTERN, as in host%d.example.test, is the number. openssl(1)
 * would take a minute for 5,000.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DAYS 60

static void die(const char *what)
{
    fprintf(stderr, "certificates: %s\n", what);
    ERR_print_errors_fp(stderr);
    exit(1);
}

static void extend(X509 *cert, int nid, const char *value)
{
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, NULL, nid, value);

    if (!extension || !X509_add_ext(cert, extension, -1))
        die(value);
    X509_EXTENSION_free(extension);
}

static X509 *certificate(EVP_PKEY *key, const char *name, int serial)
{
    char alternative[300];
    X509 *cert = X509_new();

    X509_set_version(cert, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(cert), serial + 1);
    X509_gmtime_adj(X509_getm_notBefore(cert), -3600);
    X509_gmtime_adj(X509_getm_notAfter(cert), DAYS * 86400L);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(cert), "CN", MBSTRING_ASC, (const unsigned char *)name, -1, -1, 0);
    X509_set_issuer_name(cert, X509_get_subject_name(cert));
    X509_set_pubkey(cert, key);
    snprintf(alternative, sizeof alternative, "DNS:%s", name);
    extend(cert, NID_subject_alt_name, alternative);
    if (!X509_sign(cert, key, EVP_sha256()))
        die(name);
    return cert;
}

static void write_pem(const char *folder, int number, X509 *cert, EVP_PKEY *key)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%d.pem", folder, number);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    FILE *file = fd < 0 ? NULL : fdopen(fd, "w");

    if (!file || !PEM_write_X509(file, cert) || !PEM_write_PrivateKey(file, key, NULL, NULL, 0, NULL, NULL) || fclose(file))
        die(path);
}

int main(int argc, char **argv)
{
    const char *mark = argc == 4 ? strstr(argv[2], "%d") : NULL;
    int before = mark ? (int)(mark - argv[2]) : 0;

    if (argc != 4 || !mark || atoi(argv[3]) < 1) {
        fputs("usage: certificates FOLDER PATTERN N\n", stderr);
        return 2;
    }
    for (int i = 0; i < atoi(argv[3]); i++) {
        char name[256];
        snprintf(name, sizeof name, "%.*s%d%s", before, argv[2], i, mark + 2);
        EVP_PKEY *key = EVP_EC_gen("P-256");
        if (!key)
            die("no key");
        X509 *cert = certificate(key, name, i);
        write_pem(argv[1], i, cert, key);
        X509_free(cert);
        EVP_PKEY_free(key);
    }
    return 0;
}
