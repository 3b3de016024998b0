//! Counts what is allocated and freed while a plugin runs, underneath every allocator: at `malloc` itself.
//!
//! A plugin is a library of its own with its own copy of Rust's allocator, so a `#[global_allocator]` in the test
//! never sees what it allocates. Both copies call `malloc` of the C library, and the dynamic linker takes that name
//! from the executable first: a test that says [`watch_the_heap!`](crate::watch_the_heap) exports the whole family
//! from itself, counts, and hands on to glibc. The counts are the calling thread's own.

use std::backtrace::Backtrace;
use std::cell::{Cell, RefCell};

/// What one thread did with the heap while it was watched.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    /// Blocks asked for, resized ones included.
    pub allocations: u64,
    /// Blocks given back.
    pub frees: u64,
    /// The call stack of the first of either.
    pub first: Option<String>,
}

impl Tally {
    /// Whether the heap was left alone.
    pub fn is_clean(&self) -> bool {
        self.allocations == 0 && self.frees == 0
    }
}

thread_local! {
    // Constant and without a destructor, so that reading them never allocates, not even as a thread ends.
    static WATCHED: Cell<bool> = const { Cell::new(false) };
    static ALLOCATIONS: Cell<u64> = const { Cell::new(0) };
    static FREES: Cell<u64> = const { Cell::new(0) };
    // This one has a destructor: it is only touched unwatched.
    static FIRST: RefCell<Option<Backtrace>> = const { RefCell::new(None) };
}

/// Runs `work` and counts what this thread allocates and frees meanwhile.
pub fn watched<T>(work: impl FnOnce() -> T) -> T {
    struct Unwatch;
    impl Drop for Unwatch {
        fn drop(&mut self) {
            WATCHED.set(false);
        }
    }
    WATCHED.set(true);
    let _unwatch = Unwatch;
    work()
}

/// What this thread did while watched since the last call, and starts anew.
pub fn take_tally() -> Tally {
    let first = FIRST.take().map(|stack| stack.to_string());
    Tally { allocations: ALLOCATIONS.take(), frees: FREES.take(), first }
}

/// Whether this test counts at all: a block allocated on purpose must be seen.
pub fn is_counting() -> bool {
    let before = ALLOCATIONS.get();
    watched(|| drop(std::hint::black_box(Box::new(0_u64))));
    let seen = ALLOCATIONS.get() > before;
    take_tally();
    seen
}

/// Notes one call of the family; for [`watch_the_heap!`](crate::watch_the_heap).
#[doc(hidden)]
pub fn note(counter: Call) {
    if !WATCHED.get() {
        return;
    }
    // Taking a call stack allocates: that is our doing, not the plugin's.
    WATCHED.set(false);
    let counts = match counter {
        Call::Allocate => &ALLOCATIONS,
        Call::Free => &FREES,
    };
    counts.set(counts.get() + 1);
    if ALLOCATIONS.get() + FREES.get() == 1 {
        let stack = Backtrace::force_capture();
        let _ = FIRST.try_with(|first| first.replace(Some(stack)));
    }
    WATCHED.set(true);
}

#[doc(hidden)]
pub enum Call {
    Allocate,
    Free,
}

/// glibc's own family, under the names that are left when ours stand in front.
#[doc(hidden)]
pub mod glibc {
    use std::ffi::c_void;

    unsafe extern "C" {
        pub fn __libc_malloc(size: usize) -> *mut c_void;
        pub fn __libc_calloc(count: usize, size: usize) -> *mut c_void;
        pub fn __libc_realloc(block: *mut c_void, size: usize) -> *mut c_void;
        pub fn __libc_memalign(alignment: usize, size: usize) -> *mut c_void;
        pub fn __libc_free(block: *mut c_void);
    }
}

/// Makes this test's executable the `malloc` of everything that it loads. Say it once, at the top level.
#[macro_export]
macro_rules! watch_the_heap {
    () => {
        mod heap_in_front {
            use std::ffi::{c_int, c_void};
            use $crate::heap::{Call, glibc, note};

            // SAFETY (all): each hands its arguments on unchanged to glibc's function of the same contract.

            #[unsafe(no_mangle)]
            unsafe extern "C" fn malloc(size: usize) -> *mut c_void {
                note(Call::Allocate);
                unsafe { glibc::__libc_malloc(size) }
            }

            #[unsafe(no_mangle)]
            unsafe extern "C" fn calloc(count: usize, size: usize) -> *mut c_void {
                note(Call::Allocate);
                unsafe { glibc::__libc_calloc(count, size) }
            }

            #[unsafe(no_mangle)]
            unsafe extern "C" fn realloc(block: *mut c_void, size: usize) -> *mut c_void {
                note(Call::Allocate);
                unsafe { glibc::__libc_realloc(block, size) }
            }

            #[unsafe(no_mangle)]
            unsafe extern "C" fn memalign(alignment: usize, size: usize) -> *mut c_void {
                note(Call::Allocate);
                unsafe { glibc::__libc_memalign(alignment, size) }
            }

            #[unsafe(no_mangle)]
            unsafe extern "C" fn aligned_alloc(alignment: usize, size: usize) -> *mut c_void {
                note(Call::Allocate);
                unsafe { glibc::__libc_memalign(alignment, size) }
            }

            #[unsafe(no_mangle)]
            unsafe extern "C" fn posix_memalign(
                place: *mut *mut c_void,
                alignment: usize,
                size: usize,
            ) -> c_int {
                note(Call::Allocate);
                let block = unsafe { glibc::__libc_memalign(alignment, size) };
                if block.is_null() {
                    return 12; // ENOMEM
                }
                unsafe { *place = block };
                0
            }

            #[unsafe(no_mangle)]
            unsafe extern "C" fn free(block: *mut c_void) {
                // Freeing nothing is no work.
                if !block.is_null() {
                    note(Call::Free);
                }
                unsafe { glibc::__libc_free(block) }
            }
        }
    };
}
