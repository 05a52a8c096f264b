// libcurl speaks RTSP, connects, looks up names and keeps the time, for all cameras in one thread.
#include "probe/ask.h"

#include <curl/curl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

// A camera that connects and says nothing more does not answer by RTSP.
static size_t pass_over(char *bytes, size_t size, size_t count, void *self)
{
    (void)bytes, (void)self;
    return size * count;
}

static bool is_tcp(const char *address)
{
    return strncmp(address, "tcp://", 6) == 0;
}

static void set_address(CURL *one, const char *address)
{
    char url[512];
    if (is_tcp(address)) {
        snprintf(url, sizeof url, "http://%s", address + 6); // of which only the connection is made
        curl_easy_setopt(one, CURLOPT_URL, url);
        curl_easy_setopt(one, CURLOPT_CONNECT_ONLY, 1L);
        return;
    }
    curl_easy_setopt(one, CURLOPT_URL, address);
    curl_easy_setopt(one, CURLOPT_RTSP_STREAM_URI, address);
    curl_easy_setopt(one, CURLOPT_RTSP_REQUEST, (long)CURL_RTSPREQ_OPTIONS);
    curl_easy_setopt(one, CURLOPT_WRITEFUNCTION, pass_over);
    curl_easy_setopt(one, CURLOPT_HEADERFUNCTION, pass_over);
}

static CURL *begin(CURLM *all, struct probe_camera *camera, long timeout_ms)
{
    CURL *one = curl_easy_init();
    if (one == NULL)
        return NULL;
    set_address(one, camera->address);
    curl_easy_setopt(one, CURLOPT_PROTOCOLS_STR, "http,rtsp");
    curl_easy_setopt(one, CURLOPT_PROXY, "");
    curl_easy_setopt(one, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(one, CURLOPT_TIMEOUT_MS, timeout_ms);
    curl_easy_setopt(one, CURLOPT_CONNECTTIMEOUT_MS, timeout_ms);
    curl_easy_setopt(one, CURLOPT_FRESH_CONNECT, 1L);
    curl_easy_setopt(one, CURLOPT_FORBID_REUSE, 1L);
    curl_easy_setopt(one, CURLOPT_PRIVATE, camera);
    if (curl_multi_add_handle(all, one) == CURLM_OK)
        return one;
    curl_easy_cleanup(one);
    return NULL;
}

// What it says matters less than that it says something: a status line that was read is an answer.
static void hear(CURLM *all)
{
    int left;
    for (const CURLMsg *said; (said = curl_multi_info_read(all, &left)) != NULL;) {
        struct probe_camera *camera;
        long status = 0;
        curl_easy_getinfo(said->easy_handle, CURLINFO_PRIVATE, &camera);
        curl_easy_getinfo(said->easy_handle, CURLINFO_RESPONSE_CODE, &status);
        camera->answers = is_tcp(camera->address) ? said->data.result == CURLE_OK : status > 0;
    }
}

bool probe_ask(struct probe_camera *cameras, size_t count, long timeout_ms)
{
    CURL *asked[PROBE_CAMERAS_MOST] = {0};
    CURLM *all = curl_multi_init();
    int running = 0;
    bool ok = all != NULL;
    for (size_t i = 0; ok && i < count && i < PROBE_CAMERAS_MOST; i++) {
        cameras[i].answers = false;
        asked[i] = begin(all, &cameras[i], timeout_ms);
        ok = asked[i] != NULL;
    }
    do {
        ok = ok && curl_multi_perform(all, &running) == CURLM_OK;
        if (ok)
            hear(all);
        ok = ok && (running == 0 || curl_multi_poll(all, NULL, 0, 1000, NULL) == CURLM_OK);
    } while (ok && running > 0);
    for (size_t i = 0; i < count && i < PROBE_CAMERAS_MOST; i++) {
        if (asked[i] == NULL)
            continue;
        curl_multi_remove_handle(all, asked[i]);
        curl_easy_cleanup(asked[i]);
    }
    curl_multi_cleanup(all);
    return ok;
}
