/* A mail server that takes everything and keeps nothing, so fast that it does not decide the race. One thread, any number of connections.
 *
 *   sink PORT   listens on 127.0.0.1; when it is ended (SIGTERM) it prints how many mails it took, and the seconds from the first to the last.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

struct session {
    int descriptor, is_data, line_length, matched;
    char line[1024];
};

static volatile sig_atomic_t is_over;
static long count;
static double first, last;

static void end(int number) {
    (void)number;
    is_over = 1;
}

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void say(struct session *session, const char *text) {
    if (send(session->descriptor, text, strlen(text), MSG_NOSIGNAL) < 0 && errno != EPIPE && errno != ECONNRESET) perror("send");
}

/* Whether the session goes on. */
static int command(struct session *session) {
    const char *line = session->line;
    if (!strncasecmp(line, "EHLO", 4)) say(session, "250-sink\r\n250 8BITMIME\r\n");
    else if (!strncasecmp(line, "DATA", 4)) {
        say(session, "354 go on\r\n");
        session->is_data = 1;
        session->matched = 2;
    } else if (!strncasecmp(line, "QUIT", 4)) {
        say(session, "221 bye\r\n");
        return 0;
    } else {
        if (!first && !strncasecmp(line, "MAIL", 4)) first = now();
        say(session, "250 ok\r\n");
    }
    return 1;
}

/* Whether the session goes on. */
static int take(struct session *session, const char *bytes, ssize_t length) {
    static const char mark[] = "\r\n.\r\n";
    for (ssize_t index = 0; index < length; index++) {
        char byte = bytes[index];
        if (session->is_data) {
            session->matched = byte == mark[session->matched] ? session->matched + 1 : byte == '\r' ? 1 : 0;
            if (session->matched == 5) {
                session->is_data = 0;
                count++;
                last = now();
                say(session, "250 taken\r\n");
            }
        } else if (byte == '\n') {
            session->line[session->line_length] = 0;
            session->line_length = 0;
            if (!command(session)) return 0;
        } else if (session->line_length < (int)sizeof session->line - 1) {
            session->line[session->line_length++] = byte;
        }
    }
    return 1;
}

int main(int number, char **arguments) {
    if (number != 2) return 2;
    struct sigaction action = {.sa_handler = end};
    sigaction(SIGTERM, &action, NULL);
    int listener = socket(AF_INET, SOCK_STREAM, 0), one = 1, events = epoll_create1(0);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((unsigned short)atoi(arguments[1])), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    if (bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, 64)) {
        perror("listen");
        return 1;
    }
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL}, found[64];
    epoll_ctl(events, EPOLL_CTL_ADD, listener, &event);
    static char buffer[1 << 16];
    while (!is_over) {
        int ready = epoll_wait(events, found, 64, -1);
        for (int index = 0; index < ready; index++) {
            struct session *session = found[index].data.ptr;
            if (!session) {
                int descriptor = accept(listener, NULL, NULL);
                if (descriptor < 0 || !(session = calloc(1, sizeof *session))) continue;
                session->descriptor = descriptor;
                setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
                event.data.ptr = session;
                epoll_ctl(events, EPOLL_CTL_ADD, descriptor, &event);
                say(session, "220 sink\r\n");
                continue;
            }
            ssize_t length = recv(session->descriptor, buffer, sizeof buffer, 0);
            if (length <= 0 || !take(session, buffer, length)) {
                close(session->descriptor);
                free(session);
            }
        }
    }
    printf("%ld %.3f\n", count, last - first);
    return 0;
}
