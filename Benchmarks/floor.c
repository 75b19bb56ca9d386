// The floor under herald: what cannot be left out, and nothing made of it.
//
//     floor < NAMES                   the events of libyaml for every file that is named on standard input (under `herald validate`)
//     floor STATE DATABASE < NAMES    the same, the bytes of the state, and every row of the local provider's database (under `herald plan`)
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <yaml.h>

static long yaml_events(const char *path) {
    FILE *file = fopen(path, "rb");
    if (!file) { perror(path); return -1; }
    yaml_parser_t parser;
    yaml_parser_initialize(&parser);
    yaml_parser_set_input_file(&parser, file);
    long events = 0;
    for (int done = 0; !done; events++) {
        yaml_event_t event;
        if (!yaml_parser_parse(&parser, &event)) { fprintf(stderr, "%s: %s\n", path, parser.problem); return -1; }
        done = event.type == YAML_STREAM_END_EVENT;
        yaml_event_delete(&event);
    }
    yaml_parser_delete(&parser);
    fclose(file);
    return events;
}

static long bytes(const char *path) {
    FILE *file = fopen(path, "rb");
    if (!file) { perror(path); return -1; }
    static char block[1 << 16];
    long count = 0;
    for (size_t read; (read = fread(block, 1, sizeof block, file)) > 0;) count += read;
    fclose(file);
    return count;
}

static long rows(const char *path) {
    sqlite3 *database;
    const char *tables[] = {"object", "field", "member"};
    long count = 0;
    if (sqlite3_open_v2(path, &database, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK) { fprintf(stderr, "%s: %s\n", path, sqlite3_errmsg(database)); return -1; }
    for (int n = 0; n < 3; n++) {
        char query[64];
        sqlite3_stmt *statement;
        snprintf(query, sizeof query, "SELECT * FROM %s", tables[n]);
        if (sqlite3_prepare_v2(database, query, -1, &statement, NULL) != SQLITE_OK) { fprintf(stderr, "%s: %s\n", path, sqlite3_errmsg(database)); return -1; }
        while (sqlite3_step(statement) == SQLITE_ROW)
            for (int column = 0; column < sqlite3_column_count(statement); column++) count += sqlite3_column_bytes(statement, column) >= 0;
        sqlite3_finalize(statement);
    }
    sqlite3_close(database);
    return count;
}

int main(int count, char **arguments) {
    char path[4096];
    long events = 0;
    while (fgets(path, sizeof path, stdin)) {
        path[strcspn(path, "\n")] = 0;
        long found = yaml_events(path);
        if (found < 0) return 1;
        events += found;
    }
    printf("%ld events\n", events);
    if (count < 3) return 0;
    long state = bytes(arguments[1]), values = rows(arguments[2]);
    if (state < 0 || values < 0) return 1;
    printf("%ld bytes of state, %ld values\n", state, values);
    return 0;
}
