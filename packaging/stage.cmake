# Run by CPack between "cmake --install" into its staging directory and the making of the package.
set(root ${CPACK_TEMPORARY_INSTALL_DIRECTORY})
set(doc ${root}/usr/share/doc/packetsentry)

# Not file(INSTALL): CPack has DESTDIR set here.
function(put source directory name)
  file(MAKE_DIRECTORY ${directory})
  file(COPY_FILE ${source} ${directory}/${name})
  file(CHMOD ${directory}/${name} PERMISSIONS OWNER_READ OWNER_WRITE GROUP_READ WORLD_READ)
endfunction()

function(compress)
  execute_process(COMMAND gzip -9nf ${ARGN} COMMAND_ERROR_IS_FATAL ANY)
endfunction()

file(GLOB programs ${root}/usr/bin/* ${root}/usr/sbin/* ${root}/usr/libexec/packetsentry/*)
execute_process(COMMAND strip --strip-unneeded --remove-section=.comment --remove-section=.note ${programs}
                COMMAND_ERROR_IS_FATAL ANY)

file(GLOB pages ${root}/usr/share/man/man?/*.[1-9])
compress(${pages})

if(CPACK_GENERATOR STREQUAL "DEB")
  if(EXISTS ${root}/usr/share/zsh/site-functions)
    file(RENAME ${root}/usr/share/zsh/site-functions ${root}/usr/share/zsh/vendor-completions)
  endif()
  file(REMOVE ${doc}/LICENSE)
  put(${CPACK_PACKETSENTRY_SOURCE}/deb/copyright ${doc} copyright)
  put(${CPACK_PACKETSENTRY_SOURCE}/deb/README.Debian ${doc} README.Debian)
  put(${CPACK_PACKETSENTRY_BINARY}/deb/changelog ${doc} changelog.Debian)
  compress(${doc}/changelog.Debian)
  put(${CPACK_PACKETSENTRY_SOURCE}/deb/lintian-overrides ${root}/usr/share/lintian/overrides packetsentry)
elseif(CPACK_GENERATOR STREQUAL "RPM")
  put(${doc}/LICENSE ${root}/usr/share/licenses/packetsentry LICENSE)
  file(REMOVE ${doc}/LICENSE)
endif()
