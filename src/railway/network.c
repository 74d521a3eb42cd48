#include "railway/network.h"

#include <stdlib.h>
#include <string.h>

int32_t network_station(const struct network *network, const char *id) {
    for (int32_t i = 0; i < network->station_count; i++)
        if (strcmp(network->stations[i].id, id) == 0) return i;
    return -1;
}

int32_t network_section(const struct network *network, const char *id) {
    for (int32_t i = 0; i < network->section_count; i++)
        if (strcmp(network->sections[i].id, id) == 0) return i;
    return -1;
}

int32_t network_track(const struct network *network, int32_t station, const char *id) {
    const struct station *place = &network->stations[station];
    for (int32_t i = place->first_track; i < place->first_track + place->track_count; i++)
        if (strcmp(network->tracks[i].id, id) == 0) return i;
    return -1;
}

int32_t weekday_of_day(int32_t first_weekday, int64_t day) {
    int64_t weekday = (first_weekday + day % 7) % 7;
    return (int32_t)(weekday < 0 ? weekday + 7 : weekday); /* days before time 0 have weekdays too */
}

void network_free(struct network *network) {
    if (!network) return;
    for (int32_t i = 0; i < network->station_count; i++) {
        free(network->stations[i].id);
        free(network->stations[i].name);
    }
    for (int32_t i = 0; i < network->track_count; i++) free(network->tracks[i].id);
    for (int32_t i = 0; i < network->section_count; i++) free(network->sections[i].id);
    free(network->stations);
    free(network->tracks);
    free(network->sections);
    free(network->alignments);
    free(network->possessions);
    *network = (struct network){0};
}
