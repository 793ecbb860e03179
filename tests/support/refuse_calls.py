#!/usr/bin/env python3
"""Runs a program under a filter of system calls, as containers have one.

refuse_calls.py PROFILE COMMAND...

docker    what Docker's default profile keeps from a container without further rights, by EPERM
old       the same on a machine whose runtime does not know calls younger than Linux 5.0, by EPERM
ancient   a kernel that has none of them, by ENOSYS
"""
import ctypes
import ctypes.util
import errno
import os
import sys

ALLOW = 0x7FFF0000
NO_NEW_PRIVILEGES = 3  # an attribute of the filter: whether it sets no_new_privs itself

RESERVED = """
    acct add_key bpf clock_adjtime clock_settime create_module delete_module fanotify_init finit_module fsconfig
    fsmount fsopen fspick get_kernel_syms get_mempolicy init_module io_uring_enter io_uring_register io_uring_setup
    ioperm iopl kcmp kexec_file_load kexec_load keyctl lookup_dcookie mbind migrate_pages mount mount_setattr
    move_mount move_pages nfsservctl open_by_handle_at open_tree perf_event_open pidfd_getfd pivot_root
    process_madvise quotactl quotactl_fd query_module reboot request_key set_mempolicy set_mempolicy_home_node
    setdomainname sethostname setns settimeofday stime swapoff swapon syslog umount umount2 unshare uselib
    userfaultfd ustat vhangup vm86 vm86old _sysctl sysfs
""".split()

YOUNG = """
    clone3 close_range epoll_pwait2 faccessat2 futex_waitv landlock_add_rule landlock_create_ruleset
    landlock_restrict_self memfd_secret openat2 pidfd_open pidfd_send_signal process_mrelease rseq
""".split()

PROFILES = {
    "docker": [(errno.EPERM, RESERVED), (errno.ENOSYS, ["clone3"])],
    "old": [(errno.EPERM, RESERVED + YOUNG)],
    "ancient": [(errno.EPERM, RESERVED), (errno.ENOSYS, YOUNG)],
}


def check(result, what):
    if result < 0:
        sys.exit(f"refuse_calls.py: cannot {what}: {os.strerror(-result)}")


def install(profile):
    library = ctypes.CDLL("libseccomp.so.2")
    library.seccomp_init.restype = ctypes.c_void_p
    context = ctypes.c_void_p(library.seccomp_init(ctypes.c_uint32(ALLOW)))
    # A container has it only where it is asked for; root need not.
    if os.geteuid() == 0:
        check(library.seccomp_attr_set(context, NO_NEW_PRIVILEGES, 0), "leave no_new_privs")
    for error, names in profile:
        for name in names:
            number = library.seccomp_syscall_resolve_name(name.encode())
            if number < 0:
                continue  # another architecture's
            check(library.seccomp_rule_add(context, ctypes.c_uint32(0x00050000 | error), number, 0), f"refuse {name}")
    check(library.seccomp_load(context), "load the filter")


def main():
    install(PROFILES[sys.argv[1]])
    os.execvp(sys.argv[2], sys.argv[2:])


main()
