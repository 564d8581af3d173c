# `cpack` in a build folder makes a tar archive and a Debian package (for which it needs dpkg-dev).
set(CPACK_GENERATOR TGZ DEB)
set(CPACK_PACKAGE_NAME accord)
set(CPACK_PACKAGE_VENDOR "accord maintainers")
set(CPACK_PACKAGE_CONTACT "accord maintainers")
set(CPACK_RESOURCE_FILE_LICENSE ${PROJECT_SOURCE_DIR}/LICENSE)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION devel)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
# The certificates that TLS to a real cloud is verified with.
set(CPACK_DEBIAN_PACKAGE_DEPENDS ca-certificates)
include(CPack)
