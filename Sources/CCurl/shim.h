#pragma once
#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>

/* Swift does not see functions with a variable number of arguments: one for each type of argument. */

static inline CURLcode herald_curl_set_long(CURL *easy, CURLoption option, long value) { return curl_easy_setopt(easy, option, value); }

static inline CURLcode herald_curl_set_size(CURL *easy, CURLoption option, curl_off_t value) { return curl_easy_setopt(easy, option, value); }

/* libcurl copies text. */
static inline CURLcode herald_curl_set_text(CURL *easy, CURLoption option, const char *text) { return curl_easy_setopt(easy, option, text); }

/* Lists and the values that callbacks are given; libcurl keeps the pointer. */
static inline CURLcode herald_curl_set_pointer(CURL *easy, CURLoption option, void *pointer) { return curl_easy_setopt(easy, option, pointer); }

/* What a transfer calls, all of them with the same value. */
typedef size_t (*herald_curl_bytes)(char *, size_t, size_t, void *);
static inline CURLcode herald_curl_set_callbacks(
    CURL *easy, herald_curl_bytes read, herald_curl_bytes header, curl_seek_callback seek, curl_prereq_callback begin, void *value) {
    CURLcode code = curl_easy_setopt(easy, CURLOPT_READFUNCTION, read);
    if (!code) code = curl_easy_setopt(easy, CURLOPT_READDATA, value);
    if (!code) code = curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, header);
    if (!code) code = curl_easy_setopt(easy, CURLOPT_HEADERDATA, value);
    if (!code) code = curl_easy_setopt(easy, CURLOPT_SEEKFUNCTION, seek);
    if (!code) code = curl_easy_setopt(easy, CURLOPT_SEEKDATA, value);
    if (!code) code = curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, begin);
    if (!code) code = curl_easy_setopt(easy, CURLOPT_PREREQDATA, value);
    return code;
}

/* What takes the body of an answer. */
static inline CURLcode herald_curl_set_receiver(CURL *easy, herald_curl_bytes write, void *value) {
    CURLcode code = curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, write);
    return code ? code : curl_easy_setopt(easy, CURLOPT_WRITEDATA, value);
}

/* What is told the lines of an answer's head, and that a connection stands. */
static inline CURLcode herald_curl_set_listener(CURL *easy, herald_curl_bytes header, curl_prereq_callback begin, void *value) {
    CURLcode code = curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, header);
    if (!code) code = curl_easy_setopt(easy, CURLOPT_HEADERDATA, value);
    if (!code) code = curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, begin);
    if (!code) code = curl_easy_setopt(easy, CURLOPT_PREREQDATA, value);
    return code;
}

/* 0 where there was no answer. */
static inline long herald_curl_status(CURL *easy) {
    long status = 0;
    return curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status) ? 0 : status;
}

/* CURL_SOCKET_BAD where the last connection is not kept. */
static inline curl_socket_t herald_curl_socket(CURL *easy) {
    curl_socket_t descriptor = CURL_SOCKET_BAD;
    return curl_easy_getinfo(easy, CURLINFO_ACTIVESOCKET, &descriptor) ? CURL_SOCKET_BAD : descriptor;
}
