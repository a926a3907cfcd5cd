//! A panic prints its message and place, and ends the run with exit code 101.

#[panic_handler]
fn panic(info: &core::panic::PanicInfo) -> ! {
    crate::println!("{info}");
    crate::exit(101)
}
