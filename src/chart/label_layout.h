/* Where labels go so that none overlaps another: names in a column beside an axis, train numbers along their lines, and
 * what is said of a point, near it.
 * Works in pixels of the canvas, y down from the top; knows neither trains nor gnuplot. */
#ifndef BERING_CHART_LABEL_LAYOUT_H
#define BERING_CHART_LABEL_LAYOUT_H

#include <stdbool.h>
#include <stdint.h>

/* ---- A column of labels, one above the other. */

struct column_label {
    double wanted; /* where its middle would stand best; ascending over the column */
    int32_t rank;  /* the higher stays the longer where there is no room for all */
    bool shown;    /* result */
    double middle; /* result: where its middle stands, if shown */
};

/* Moves labels of `height` apart, as little as possible (least squares), within [top, bottom]. Where they do not all
 * fit, those of the lowest rank are left out, the most crowded first. False when out of memory, which a few labels do
 * not need. */
enum { COLUMN_LABELS_FEW = 16 };
bool column_layout(struct column_label *labels, int32_t count, double height, double top, double bottom);

/* ---- Labels along lines. */

struct box {
    double x, y; /* its middle */
    double half_width, half_height;
    double angle; /* radians, clockwise as y runs down: the text climbs where it is negative */
};

bool boxes_overlap(const struct box *one, const struct box *other); /* touching is no overlap */

struct line_segment {
    double x1, y1, x2, y2;
    int32_t owner; /* the line it belongs to */
    double thick;  /* 0: a thin line, which a label may cover; else no label covers it */
};

struct line_label {
    int32_t owner;
    double width;   /* of the text */
    bool placed;    /* result */
    struct box box; /* result, if placed */
};

struct line_label_style {
    double height;                   /* of the text */
    double gap;                      /* between the line and the text */
    double margin;                   /* kept free around every label */
    double left, right, top, bottom; /* labels lie wholly within */
    double band;                     /* y near which they would stand best, so that they stand in a row */
    double reach;                    /* how far from it a label may stand whose line comes near enough */
};

/* Puts each label beside a piece of its own line that is longer than it and (nearly) straight, turned with its slope,
 * where it covers as few other lines as can be. One that finds no place free of other labels, or only where it would
 * cover more than one line, is not placed. Labels are placed in their order. False when out of memory. */
bool line_labels_place(struct line_label *labels, int32_t count, const struct line_segment *segments,
                       int32_t segment_count, const struct line_label_style *style);

/* ---- A label near a point. */

struct point_label_style {
    double left, right, top, bottom; /* it lies wholly within */
    double gap;                      /* between the point and its nearest edge, at least */
    double reach;                    /* and at most */
    double margin;                   /* kept free around it */
};

/* Whether a box covers none of the segments and none of the boxes taken. */
bool box_is_free(const struct box *box, const struct line_segment *segments, int32_t segment_count,
                 const struct box *taken, int32_t taken_count);

/* Finds the nearest place for a level label of that width and height where it covers none of the segments and none of
 * the boxes taken. False if there is none within reach. */
bool point_label_place(double x, double y, double width, double height, const struct line_segment *segments,
                       int32_t segment_count, const struct box *taken, int32_t taken_count,
                       const struct point_label_style *style, struct box *box);

/* The same beside a straight line that is longer than the label, turned with it; the middle of the line first. */
bool straight_label_place(const struct line_segment *line, double width, double height,
                          const struct line_segment *segments, int32_t segment_count, const struct box *taken,
                          int32_t taken_count, const struct point_label_style *style, struct box *box);

#endif
