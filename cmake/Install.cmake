# Files that depend on where the installation ends up, which "cmake --install --prefix" and CPack decide
# after the configuration. DESTDIR is honoured as everywhere.

# packetsentry_install_template(TEMPLATE DIRECTORY NAME): with @CMAKE_INSTALL_FULL_SBINDIR@ filled in,
# below the prefix.
function(packetsentry_install_template template directory name)
  install(CODE "
    set(CMAKE_INSTALL_FULL_SBINDIR \"${CMAKE_INSTALL_SBINDIR}\")
    cmake_path(ABSOLUTE_PATH CMAKE_INSTALL_FULL_SBINDIR BASE_DIRECTORY \"\${CMAKE_INSTALL_PREFIX}\")
    set(file \"\${CMAKE_INSTALL_PREFIX}/${directory}/${name}\")
    message(STATUS \"Installing: \$ENV{DESTDIR}\${file}\")
    configure_file(\"${CMAKE_CURRENT_SOURCE_DIR}/${template}\" \"\$ENV{DESTDIR}\${file}\" @ONLY NO_SOURCE_PERMISSIONS)
    list(APPEND CMAKE_INSTALL_MANIFEST_FILES \"\${file}\")
  ")
endfunction()

# packetsentry_install_configuration(FILE): below the system's configuration directory, which is /etc for
# the prefix /usr, and stays below a prefix that was chosen for this installation alone. A file that is
# there already is somebody's, and stays.
function(packetsentry_install_configuration file)
  cmake_path(GET file FILENAME name)
  install(CODE "
    if(CMAKE_INSTALL_PREFIX STREQUAL \"/usr\")
      set(directory /etc/packetsentry)
    elseif(CMAKE_INSTALL_PREFIX STREQUAL \"${CMAKE_INSTALL_PREFIX}\")
      set(directory \"${CMAKE_INSTALL_FULL_SYSCONFDIR}/packetsentry\")
    else()
      set(directory \"\${CMAKE_INSTALL_PREFIX}/etc/packetsentry\")
    endif()
    if(EXISTS \"\$ENV{DESTDIR}\${directory}/${name}\")
      message(STATUS \"Kept as it is: \$ENV{DESTDIR}\${directory}/${name}\")
    else()
      file(INSTALL \"${CMAKE_CURRENT_SOURCE_DIR}/${file}\" DESTINATION \"\${directory}\")
    endif()
  ")
endfunction()
