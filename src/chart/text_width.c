#include "chart/text_width.h"

#include <stdint.h>
#include <string.h>

#include "scenario/text.h"

/* Advance widths of DejaVu Sans in 1/2048 of the font size, from the blank to the tilde. */
static const uint16_t ascii_widths[95] = {
    651,  821,  942,  1716, 1303, 1946, 1597, 563,  799,  799,  1024, 1716, 651,  739,  651,  690,  1303, 1303, 1303,
    1303, 1303, 1303, 1303, 1303, 1303, 1303, 690,  690,  1716, 1716, 1716, 1087, 2048, 1401, 1405, 1430, 1577, 1294,
    1178, 1587, 1540, 604,  604,  1343, 1141, 1767, 1532, 1612, 1235, 1612, 1423, 1300, 1251, 1499, 1401, 2025, 1403,
    1251, 1403, 799,  690,  799,  1716, 1024, 1024, 1255, 1300, 1126, 1300, 1260, 721,  1300, 1298, 569,  569,  1186,
    569,  1995, 1298, 1253, 1300, 1300, 842,  1067, 803,  1298, 1212, 1675, 1212, 1212, 1075, 1303, 690,  1303, 1716};
enum { UNITS = 2048, BOLD_PERCENT = 114 };

static uint32_t code_point(const unsigned char *bytes, size_t length) {
    if (length == 2) return (uint32_t)(bytes[0] & 0x1F) << 6 | (bytes[1] & 0x3F);
    if (length == 3) return (uint32_t)(bytes[0] & 0x0F) << 12 | (uint32_t)(bytes[1] & 0x3F) << 6 | (bytes[2] & 0x3F);
    if (length == 4)
        return (uint32_t)(bytes[0] & 0x07) << 18 | (uint32_t)(bytes[1] & 0x3F) << 12 |
               (uint32_t)(bytes[2] & 0x3F) << 6 | (bytes[3] & 0x3F);
    return bytes[0];
}

static int32_t letter_units(uint32_t code) {
    if (code >= ' ' && code <= '~') return ascii_widths[code - ' '];
    if (code >= 0x300 && code < 0x370) return 0; /* combining accents */
    if (code < 0x370) return 1450;               /* Latin with accents */
    if (code < 0x1100) return 1650;              /* Greek, Cyrillic and what lies beside them */
    if (code >= 0x2000 && code < 0x2C00) return 2048;
    return 2400; /* square scripts and pictures */
}

/* The next character of a text: its bytes and its width. */
static size_t next_letter(const char *text, int32_t *units) {
    const unsigned char *bytes = (const unsigned char *)text;
    const size_t length = utf8_length(bytes, strlen(text));
    *units = length == 0 ? letter_units('?') : letter_units(code_point(bytes, length));
    return length == 0 ? 1 : length;
}

double text_width(const char *text, double font_size) {
    int64_t sum = 0;
    for (int32_t units; *text != '\0'; sum += units) text += next_letter(text, &units);
    return (double)sum * font_size / UNITS;
}

double text_width_bold(const char *text, double font_size) {
    return text_width(text, font_size) * BOLD_PERCENT / 100;
}

static void put_letter(const char *letter, size_t length, char *target) {
    const unsigned char byte = (unsigned char)letter[0];
    memcpy(target, letter, length);
    if (length > 1) return;
    if (byte < ' ' || byte == 0x7F) target[0] = ' ';
    if (byte >= 0x80) target[0] = '?';
}

bool text_fit(const char *text, double font_size, double width, char *fitted, size_t size) {
    static const char ellipsis[] = "…";
    const double ellipsis_width = text_width(ellipsis, font_size);
    double used = 0;
    size_t length = 0, cut_length = 0; /* cut_length: where it would have to end to leave room for the ellipsis */
    while (*text != '\0') {
        int32_t units;
        const size_t bytes = next_letter(text, &units);
        used += units * font_size / UNITS;
        if (used > width || length + bytes + 1 > size) {
            length = cut_length;
            while (length > 0 && fitted[length - 1] == ' ') length--;
            memcpy(fitted + length, ellipsis, sizeof ellipsis);
            return false;
        }
        put_letter(text, bytes, fitted + length);
        length += bytes;
        if (used + ellipsis_width <= width && length + sizeof ellipsis <= size) cut_length = length;
        text += bytes;
    }
    fitted[length] = '\0';
    return true;
}
