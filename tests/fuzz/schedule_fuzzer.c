/* Any bytes as a schedule, a timetable or services, on a line with a junction, a station that is switched off, tracks
 * of two lengths and trains that differ. A line that begins with `=` starts a second schedule, read beside the first.
 */
#include <string.h>

#include "packed_folder.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

static const char *const line[][2] = {
    {"stations.csv",
     "station,kind,option\nA,terminal,\nM,siding,\nJ,junction,\nB,terminal,\nC,terminal,\nX,siding,hill\n"},
    {"tracks.csv", "station,track,count,length_m,option\nA,yard,*,,\nM,loop,2,1200,\nM,short,1,500,\nM,new,1,,hill\n"
                   "J,main,,,\nB,yard,4,1500,\nC,yard,1,1000,\n"},
    {"sections.csv",
     "section,from,to,length_km,tracks,block_km,gauge_mm,clearance_m,option\nA-M,A,M,20,2,5,,,\n"
     "M-J,M,J,10,1,,,5,\nJ-B,J,B,30,1,,,,\nJ-C,J,C,7,1,2,1435,,\nB-C,B,C,9,1,,,,\nM-X,M,X,5,1,,,,hill\n"},
    {"train_types.csv",
     "train_type,length_m,mass_t,max_speed_kmh,power_kw,tractive_effort_kn,brake_ms2,height_m,gauge_mm\n"
     "F,1000,4000,80,5000,300,0.3,,\nP,400,800,120,5000,300,0.6,4,1435\nH,1400,9000,60,9000,700,0.3,6,\n"},
    {"running_times.csv", "section,train_type,direction,run_s,start_s,stop_s\nA-M,*,,900,60,60\n"},
    {"options.csv", "option\nhill\n"},
    {"terminals.csv", "station,turnaround_s\nB,3600\n"},
};

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size) {
    struct packed_folder folder = {0};
    const char *text = (const char *)data;
    size_t first = 0;
    while (first < size && !(text[first] == '=' && (first == 0 || text[first - 1] == '\n'))) first++;
    for (size_t i = 0; i < sizeof line / sizeof line[0]; i++)
        packed_folder_add(&folder, line[i][0], line[i][1], strlen(line[i][1]));
    packed_folder_add(&folder, "day.csv", text, first);
    static const char both[] = "=schedules\nday.csv\nnight.csv\n";
    if (first < size) packed_folder_add(&folder, "night.csv", text + first + 1, size - first - 1);
    packed_folder_cut(&folder, both, first < size ? sizeof both - 1 : 0);
    packed_folder_try(&folder);
    packed_folder_free(&folder);
    return 0;
}
