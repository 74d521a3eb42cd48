#!/bin/sh
# Prints the example of a public header: the lines of its first comment that are indented by four, up to the closing
# brace of main.
#
#   header_example.sh HEADER
set -eu
awk '/^ \*     / { sub(/^ \*     /, ""); print; if (main && /^}/) exit; if (/^int main/) main = 1 }
     /^ \*$/ { print "" }' "$1"
