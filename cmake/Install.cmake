# What `cmake --install` puts where. The program carries its cases inside; the installed files are for
# reading, for editors (schemas) and for --cases. docs/CMakeLists.txt installs the manual.
install(TARGETS accord RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(DIRECTORY cases/ DESTINATION ${CMAKE_INSTALL_DATADIR}/accord/cases
        FILES_MATCHING PATTERN "*.json")
