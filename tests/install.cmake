# Installs the build into an empty folder and uses it from there: cmake -DBUILD=… -DPREFIX=… -P install.cmake
file(REMOVE_RECURSE ${PREFIX})
execute_process(COMMAND ${CMAKE_COMMAND} --install ${BUILD} --prefix ${PREFIX}
                OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)

foreach(pattern bin/accord share/accord/cases/alibaba/provider.json share/accord/cases/schema/*.json
        share/accord/drivers/lib/protocol.mjs share/accord/drivers/*/driver.mjs)
  file(GLOB found ${PREFIX}/${pattern})
  if(NOT found)
    message(FATAL_ERROR "not installed: ${pattern}")
  endif()
endforeach()

foreach(arguments --version list)
  execute_process(COMMAND ${PREFIX}/bin/accord ${arguments} WORKING_DIRECTORY /
                  OUTPUT_VARIABLE output COMMAND_ERROR_IS_FATAL ANY)
  if(output STREQUAL "")
    message(FATAL_ERROR "accord ${arguments} printed nothing")
  endif()
endforeach()
