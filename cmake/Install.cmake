# What `cmake --install` puts where, besides the program (cli/CMakeLists.txt) and the manual
# (docs/CMakeLists.txt). The program carries its cases inside; the installed files are for reading, for editors
# (schemas) and for --cases.
install(DIRECTORY cases/ DESTINATION ${CMAKE_INSTALL_DATADIR}/accord/cases
        FILES_MATCHING PATTERN "*.json")
