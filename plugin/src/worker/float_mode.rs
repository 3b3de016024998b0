//! The floating-point mode of the worker's thread.

/// Puts this thread into the mode that every program starts in: rounding to nearest, denormals kept, no traps.
///
/// A thread inherits the mode of its creator, and hosts differ in whether they flush denormals to zero: the same
/// seed must give the same notes in all of them. `[worker]`
pub fn set_default() {
    #[cfg(target_arch = "x86_64")]
    {
        let mode: u32 = 0x1F80;
        // SAFETY: 0x1F80 is the mode that the System V and Windows ABIs prescribe at start (all exceptions masked);
        // the instruction reads four bytes of ours.
        unsafe { std::arch::asm!("ldmxcsr [{}]", in(reg) &raw const mode, options(nostack, readonly)) };
    }
    #[cfg(target_arch = "aarch64")]
    {
        let mode: u64 = 0;
        // SAFETY: Zero is the mode that the ABI prescribes at start.
        unsafe { std::arch::asm!("msr fpcr, {}", in(reg) mode, options(nostack, nomem)) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::hint::black_box;

    #[test]
    fn denormals_are_kept_whoever_started_the_thread() {
        #[cfg(target_arch = "x86_64")]
        {
            let flushing: u32 = 0x9FC0;
            // SAFETY: The mode that hosts use on their audio threads: flush to zero, denormals are zero.
            unsafe {
                std::arch::asm!("ldmxcsr [{}]", in(reg) &raw const flushing, options(nostack, readonly))
            };
            assert_eq!(black_box(f32::MIN_POSITIVE) * black_box(0.5), 0.0);
        }
        let kept = std::thread::spawn(|| {
            set_default();
            // As bits: this thread would compare a denormal as zero.
            (black_box(f32::MIN_POSITIVE) * black_box(0.5)).to_bits()
        });
        assert_ne!(kept.join().unwrap(), 0);
        set_default();
    }
}
