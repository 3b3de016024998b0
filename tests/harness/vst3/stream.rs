//! A stream in memory, for the plugin's state.

use std::cell::{RefCell, RefMut};
use std::ffi::c_void;
use std::io::{Cursor, Read, Seek, SeekFrom, Write};

use vst3::Steinberg::IBStream_::IStreamSeekMode_ as Mode;
use vst3::Steinberg::{IBStream, IBStreamTrait, kInvalidArgument, kResultFalse, kResultOk, tresult};
use vst3::{Class, ComWrapper};

/// Bytes and a place in them.
#[derive(Default)]
pub struct Stream(RefCell<Cursor<Vec<u8>>>);

impl Stream {
    /// A stream over these bytes, at their start.
    pub fn new(bytes: &[u8]) -> Stream {
        Stream(RefCell::new(Cursor::new(bytes.to_vec())))
    }

    /// All bytes.
    pub fn bytes(&self) -> Vec<u8> {
        self.cursor().get_ref().clone()
    }

    fn cursor(&self) -> RefMut<'_, Cursor<Vec<u8>>> {
        self.0.borrow_mut()
    }
}

impl Class for Stream {
    type Interfaces = (IBStream,);
}

/// The pointer that the plugin takes, good for as long as the stream.
pub fn as_stream(stream: &ComWrapper<Stream>) -> *mut IBStream {
    stream.as_com_ref().expect("a stream is an IBStream").as_ptr()
}

impl IBStreamTrait for Stream {
    unsafe fn read(&self, buffer: *mut c_void, wanted: i32, got: *mut i32) -> tresult {
        let Ok(length) = usize::try_from(wanted) else { return kInvalidArgument };
        if length == 0 {
            // SAFETY: the caller gives no place or a good one.
            unsafe { write_back(got, 0) };
            return kResultOk;
        }
        let mut bytes = vec![0; length];
        let read = self.cursor().read(&mut bytes).expect("memory can be read");
        // SAFETY: the caller gives room for as many bytes as it wants, and no place or a good one for the count.
        unsafe {
            std::ptr::copy_nonoverlapping(bytes.as_ptr(), buffer.cast::<u8>(), read);
            write_back(got, read as i32);
        }
        kResultOk
    }

    unsafe fn write(&self, buffer: *mut c_void, offered: i32, taken: *mut i32) -> tresult {
        let Ok(length) = usize::try_from(offered) else { return kInvalidArgument };
        // SAFETY: the caller offers this many bytes.
        let bytes = unsafe { std::slice::from_raw_parts(buffer.cast::<u8>(), length) };
        self.cursor().write_all(bytes).expect("memory can be written");
        // SAFETY: the caller gives no place or a good one.
        unsafe { write_back(taken, offered) };
        kResultOk
    }

    unsafe fn seek(&self, by: i64, mode: i32, result: *mut i64) -> tresult {
        let to = match mode as u32 {
            Mode::kIBSeekSet => SeekFrom::Start(by.max(0) as u64),
            Mode::kIBSeekCur => SeekFrom::Current(by),
            Mode::kIBSeekEnd => SeekFrom::End(by),
            _ => return kInvalidArgument,
        };
        let Ok(place) = self.cursor().seek(to) else { return kResultFalse };
        // SAFETY: the caller gives no place or a good one.
        unsafe { write_back(result, place as i64) };
        kResultOk
    }

    unsafe fn tell(&self, place: *mut i64) -> tresult {
        // SAFETY: the caller gives no place or a good one.
        unsafe { write_back(place, self.cursor().position() as i64) };
        kResultOk
    }
}

/// Writes `value` where the caller wants it, if it does.
///
/// # Safety
/// `place` is null or good for writing.
unsafe fn write_back<T>(place: *mut T, value: T) {
    if !place.is_null() {
        // SAFETY: the caller says so.
        unsafe { *place = value };
    }
}
