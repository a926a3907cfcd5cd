//! The start code and the ABI note that C guests have too.

core::arch::global_asm!(include_str!("../../c/runtime/crt0.S"));
core::arch::global_asm!(include_str!("../../c/runtime/abi-note.S"));
