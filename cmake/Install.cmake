# What `cmake --install` puts where, besides the program (cli/CMakeLists.txt) and the manual
# (docs/CMakeLists.txt). The program carries its cases inside; the installed files are for reading, for editors
# (schemas) and for --cases. Drivers come as sources: npm ci in the folder of one installs its SDK.
install(DIRECTORY cases/ DESTINATION ${CMAKE_INSTALL_DATADIR}/accord/cases
        FILES_MATCHING PATTERN "*.json")
install(DIRECTORY drivers/ DESTINATION ${CMAKE_INSTALL_DATADIR}/accord/drivers
        PATTERN node_modules EXCLUDE
        PATTERN __pycache__ EXCLUDE
        PATTERN CMakeLists.txt EXCLUDE)
