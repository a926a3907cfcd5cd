//! The heap: free lists by size class over memory that only grows, like `malloc` of the C library.

use core::alloc::{GlobalAlloc, Layout};
use core::cell::UnsafeCell;

/// Classes are multiples of 16 bytes up to 1 KiB, then four per power of two.
const SMALL: usize = 64;
const CLASSES: usize = SMALL + 4 * 20;

extern "C" {
    static _kernel_heap_bottom: u8;
    static _kernel_heap_top: u8;
}

struct Lists {
    free: [*mut u8; CLASSES],
    top: usize,
}

struct Heap(UnsafeCell<Lists>);

// There is one thread.
unsafe impl Sync for Heap {}

#[global_allocator]
static HEAP: Heap = Heap(UnsafeCell::new(Lists { free: [core::ptr::null_mut(); CLASSES], top: 0 }));

/// The class of a size, and the size of its blocks.
fn size_class(bytes: usize) -> (usize, usize) {
    let n = bytes.max(1).div_ceil(16) * 16;
    if n <= 16 * SMALL {
        return (n / 16 - 1, n);
    }
    let shift = (n - 1).ilog2() as usize - 2;
    let n = n.div_ceil(1 << shift) << shift;
    (SMALL + 4 * (shift - 8) + ((n - 1) >> shift) - 4, n)
}

impl Lists {
    /// Fresh memory, which reads 0, or null.
    fn grow(&mut self, bytes: usize, align: usize) -> *mut u8 {
        let bottom = &raw const _kernel_heap_bottom as usize;
        let limit = &raw const _kernel_heap_top as usize;
        let Some(start) = self.top.max(bottom).checked_next_multiple_of(align) else { return core::ptr::null_mut() };
        match start.checked_add(bytes) {
            Some(end) if end <= limit => {
                self.top = end;
                start as *mut u8
            }
            _ => core::ptr::null_mut(),
        }
    }

    /// A block and whether it is fresh. Blocks of more than 16 bytes alignment are never used again.
    fn allocate(&mut self, layout: Layout) -> (*mut u8, bool) {
        if layout.align() > 16 || layout.size() > 1 << 29 {
            return (self.grow(layout.size(), layout.align().max(16)), true);
        }
        let (class, bytes) = size_class(layout.size());
        let block = self.free[class];
        if block.is_null() {
            return (self.grow(bytes, 16), true);
        }
        self.free[class] = unsafe { *block.cast::<*mut u8>() };
        (block, false)
    }
}

unsafe impl GlobalAlloc for Heap {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        (*self.0.get()).allocate(layout).0
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        let (block, fresh) = (*self.0.get()).allocate(layout);
        if !fresh {
            core::ptr::write_bytes(block, 0, layout.size());
        }
        block
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        if layout.align() > 16 || layout.size() > 1 << 29 {
            return;
        }
        let lists = &mut *self.0.get();
        let (class, _) = size_class(layout.size());
        *block.cast::<*mut u8>() = lists.free[class];
        lists.free[class] = block;
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, bytes: usize) -> *mut u8 {
        let next = Layout::from_size_align_unchecked(bytes, layout.align());
        let same = layout.align() <= 16 && bytes <= 1 << 29 && size_class(bytes).0 == size_class(layout.size()).0;
        if same {
            return block;
        }
        let moved = self.alloc(next);
        if !moved.is_null() {
            core::ptr::copy_nonoverlapping(block, moved, layout.size().min(bytes));
            self.dealloc(block, layout);
        }
        moved
    }
}

/// Memory for the standard library's own requests.
pub(crate) fn allocate(bytes: usize, align: usize) -> *mut u8 {
    match Layout::from_size_align(bytes, align) {
        Ok(layout) => unsafe { HEAP.alloc(layout) },
        Err(_) => core::ptr::null_mut(),
    }
}
