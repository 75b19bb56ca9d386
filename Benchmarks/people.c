/* Makes the data of row 3, the same every time: people.c FOLDER PEOPLE writes contacts.csv (119 bytes a row) and orders.csv (55 bytes a row, three for each person). */

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

static uint64_t state = 1;

static uint32_t below(uint32_t limit) {
    state += 0x9E3779B97F4A7C15u;
    uint64_t mixed = state;
    mixed = (mixed ^ mixed >> 30) * 0xBF58476D1CE4E5B9u;
    mixed = (mixed ^ mixed >> 27) * 0x94D049BB133111EBu;
    return (uint32_t)(((mixed ^ mixed >> 31) >> 32) * (uint64_t)limit >> 32);
}

static const char *first[] = {"Anna", "Bernd", "Chiara", "Dmitri", "Elena", "Felix", "Greta", "Hannes", "Ines", "Jonas", "Klara", "Luca", "Mia", "Noah", "Olga", "Paul"};
static const char *last[] = {"Albrecht", "Bianchi", "Czerny", "Dietrich", "Engel", "Fischer", "Gruber", "Huber", "Iversen", "Jansen", "Keller", "Lehmann", "Moser", "Novak", "Osterman", "Peeters"};
static const char *city[] = {"Berlin", "Wien", "Zürich", "Paris", "Roma", "Madrid", "Amsterdam", "Bruxelles", "Praha", "Warszawa"};
static const char *country[] = {"DE", "DE", "DE", "AT", "CH", "FR", "IT", "ES", "NL", "BE"};

static FILE *made(const char *folder, const char *name) {
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    if (!file) { perror(path); exit(1); }
    setvbuf(file, NULL, _IOFBF, 1 << 20);
    return file;
}

int main(int count, char **arguments) {
    if (count != 3) return 1;
    uint32_t people = (uint32_t)atol(arguments[2]);
    FILE *contacts = made(arguments[1], "contacts.csv"), *orders = made(arguments[1], "orders.csv");
    fputs("id,email,first_name,last_name,city,country,birthday,consent,consented_at,phone\n", contacts);
    char email[80] = "";
    const char *consent = "";
    for (uint32_t n = 1; n <= people; n++) {
        const char *given = first[below(16)], *family = last[below(16)];
        /* One in two hundred has the address of the row before, and said the same. */
        if (n == 1 || below(200) != 0) {
            snprintf(email, sizeof email, "%s.%s%u@mail%02u.example", given, family, n, below(100));
            uint32_t said = below(10);
            consent = said < 7 ? "subscribed" : said < 9 ? "unsubscribed" : "pending";
        }
        fprintf(contacts, "%u,%s,%s,%s,%s,%s,%u-%02u-%02u,%s,20%02u-%02u-%02u %02u:%02u:%02u,+49 170 %07u\n", n, email, given, family, city[below(10)], country[below(10)],
            1940 + below(66), 1 + below(12), 1 + below(28), consent, 18 + below(8), 1 + below(12), 1 + below(28), below(24), below(60), below(60), below(10000000));
    }
    static const char *status[] = {"paid", "paid", "paid", "open", "returned"};
    fputs("id,contact_id,placed_at,status,total,currency,channel\n", orders);
    for (uint32_t n = 1; n <= 3 * people; n++) {
        fprintf(orders, "%u,%u,20%02u-%02u-%02u %02u:%02u:%02u,%s,%u.%02u,EUR,%s\n", n, 1 + below(people), 23 + below(4), 1 + below(12), 1 + below(28), below(24), below(60),
            below(60), status[below(5)], 5 + below(400), below(100), below(3) ? "web" : "shop");
    }
    return fclose(contacts) != 0 || fclose(orders) != 0;
}
