# The .deb and the .rpm; packaging/README.md says what makes what. They can be made from any build
# directory, whatever its prefix: packages are for /usr.
set(PACKETSENTRY_REVISION 1 CACHE STRING "Of the packages: counts packages of one version")
set(PACKETSENTRY_MAINTAINER "PacketSentry maintainers <packetsentry@example.org>" CACHE STRING
    "Whom the packages name")

set(CPACK_PACKAGE_NAME packetsentry)
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGE_CONTACT ${PACKETSENTRY_MAINTAINER})
set(CPACK_PACKAGE_VENDOR "PacketSentry maintainers")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "packet capture daemon with a client for regular users")
set(CPACK_PACKAGE_DESCRIPTION
"packetsentryd owns the right to capture packets and runs captures for the
members of one group. packetsentryctl starts and stops them, sets filters,
fetches results and reads capture files, as a regular user.

Each capture is a process that drops every right before it looks at a packet.
Every result tells how many packets were received, dropped and recorded.
Packets are saved as pcap or pcapng, and told as text or JSON.")
set(CPACK_GENERATOR DEB RPM)
set(CPACK_SET_DESTDIR ON)
set(CPACK_INSTALL_PREFIX /usr)
set(CPACK_VERBATIM_VARIABLES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
    OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
# Once all is in place as "cmake --install" puts it, what this kind of package has otherwise.
set(CPACK_PRE_BUILD_SCRIPTS ${CMAKE_CURRENT_SOURCE_DIR}/stage.cmake)
set(CPACK_PACKETSENTRY_SOURCE ${CMAKE_CURRENT_SOURCE_DIR})
set(CPACK_PACKETSENTRY_BINARY ${CMAKE_CURRENT_BINARY_DIR})

string(TIMESTAMP date "%a, %d %b %Y %H:%M:%S +0000" UTC)  # honours SOURCE_DATE_EPOCH
string(TIMESTAMP rpm_date "%a %b %d %Y" UTC)
configure_file(deb/changelog.in deb/changelog @ONLY)
configure_file(rpm/changelog.in rpm/changelog @ONLY)

set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE ${PACKETSENTRY_REVISION})
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
# For the user; libraries are found by dpkg-shlibdeps.
set(CPACK_DEBIAN_PACKAGE_DEPENDS "systemd | systemd-standalone-sysusers | systemd-sysusers")
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS netbase)  # names of services in filters
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "jq, wireshark")
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA
    ${CMAKE_CURRENT_SOURCE_DIR}/deb/conffiles
    ${CMAKE_CURRENT_SOURCE_DIR}/deb/postinst
    ${CMAKE_CURRENT_SOURCE_DIR}/deb/prerm
    ${CMAKE_CURRENT_SOURCE_DIR}/deb/postrm)

set(CPACK_RPM_FILE_NAME RPM-DEFAULT)
set(CPACK_RPM_PACKAGE_RELEASE ${PACKETSENTRY_REVISION})
set(CPACK_RPM_PACKAGE_LICENSE BSD-2-Clause)
set(CPACK_RPM_PACKAGE_GROUP Applications/Internet)
set(CPACK_RPM_PACKAGE_DESCRIPTION ${CPACK_PACKAGE_DESCRIPTION})
# No links by build id, for there is no package of debugging symbols; nothing of the building machine.
set(CPACK_RPM_SPEC_MORE_DEFINE "%define _build_id_links none\n%define _buildhost localhost")
set(CPACK_RPM_PACKAGE_AUTOREQ ON)
set(CPACK_RPM_PACKAGE_REQUIRES systemd)
set(CPACK_RPM_PACKAGE_REQUIRES_POST systemd)
set(CPACK_RPM_PACKAGE_REQUIRES_PREUN systemd)
set(CPACK_RPM_PACKAGE_REQUIRES_POSTUN systemd)
set(CPACK_RPM_PACKAGE_SUGGESTS "jq, wireshark")
set(CPACK_RPM_CHANGELOG_FILE ${CMAKE_CURRENT_BINARY_DIR}/rpm/changelog)
set(CPACK_RPM_POST_INSTALL_SCRIPT_FILE ${CMAKE_CURRENT_SOURCE_DIR}/rpm/post)
set(CPACK_RPM_PRE_UNINSTALL_SCRIPT_FILE ${CMAKE_CURRENT_SOURCE_DIR}/rpm/preun)
set(CPACK_RPM_POST_UNINSTALL_SCRIPT_FILE ${CMAKE_CURRENT_SOURCE_DIR}/rpm/postun)
set(CPACK_RPM_USER_FILELIST
    "%dir %attr(0755,root,root) /etc/packetsentry"
    "%config(noreplace) /etc/packetsentry/packetsentryd.toml"
    "%license /usr/share/licenses/packetsentry/LICENSE"
    "%doc /usr/share/doc/packetsentry/README.md")
# Directories that belong to others.
set(CPACK_RPM_EXCLUDE_FROM_AUTO_FILELIST_ADDITION
    /usr/sbin /usr/libexec /usr/lib/systemd /usr/lib/systemd/system /usr/lib/systemd/catalog /usr/lib/sysusers.d
    /usr/lib/tmpfiles.d /usr/share/man /usr/share/man/man1 /usr/share/man/man5 /usr/share/man/man7
    /usr/share/man/man8 /usr/share/licenses /usr/share/bash-completion /usr/share/bash-completion/completions
    /usr/share/zsh /usr/share/zsh/site-functions /usr/share/fish /usr/share/fish/vendor_completions.d)

include(CPack)
