# cmake -DFILES=a,b -DOUTPUT=x.c -P embed.cmake: writes the files as C arrays, and the table
# lq_default_files of config/defaults.h over them.
string(REPLACE "," ";" FILES "${FILES}")
set(arrays "")
set(rows "")
set(index 0)
foreach(file ${FILES})
  get_filename_component(name ${file} NAME)
  file(READ ${file} hex HEX)
  string(REGEX REPLACE "(................................)" "\\1\n" hex "${hex}")
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," hex "${hex}")
  string(APPEND arrays "static const uint8_t file_${index}[] = {\n${hex}\n};\n")
  string(APPEND rows "    {\"${name}\", file_${index}, sizeof file_${index}},\n")
  math(EXPR index "${index} + 1")
endforeach()
file(WRITE ${OUTPUT} "// Made by common/config/embed.cmake from configs/.
#include \"config/defaults.h\"

${arrays}
const struct lq_default_file lq_default_files[] = {
${rows}    {0},
};
")
