//! The lists of events and knob movements that go in and out of a block.

use std::cell::RefCell;

use vst3::Steinberg::Vst::{
    Event as RawEvent, Event_::EventTypes_ as Types, Event__type0, IEventList, IEventListTrait,
    IParamValueQueue, IParamValueQueueTrait, IParameterChanges, IParameterChangesTrait, LegacyMIDICCOutEvent,
    NoteOffEvent, NoteOnEvent, ParamID, ParamValue,
};
use vst3::Steinberg::{kInvalidArgument, kOutOfMemory, kResultOk, tresult};
use vst3::{Class, ComWrapper};

use crate::host::{Event, Kind, Voice};

/// Events with room made before: taking one never allocates.
pub struct EventList {
    events: RefCell<Vec<RawEvent>>,
    limit: usize,
}

impl EventList {
    /// Room for `limit` events.
    pub fn new(limit: usize) -> EventList {
        EventList { events: RefCell::new(Vec::with_capacity(limit)), limit }
    }

    /// Holds these events and no others; knobs, chokes and MIDI messages that are no notes have no place in it.
    pub fn fill(&self, events: &[Event]) {
        let mut list = self.events.borrow_mut();
        list.clear();
        list.extend(events.iter().filter_map(raw));
    }

    /// The events that the harness knows, in the order in which they were added.
    pub fn events(&self) -> Vec<Event> {
        self.events.borrow().iter().filter_map(known).collect()
    }
}

impl Class for EventList {
    type Interfaces = (IEventList,);
}

/// The pointer that the plugin takes, good for as long as the list.
pub fn as_events(list: &ComWrapper<EventList>) -> *mut IEventList {
    list.as_com_ref().expect("it is one").as_ptr()
}

impl IEventListTrait for EventList {
    unsafe fn getEventCount(&self) -> i32 {
        self.events.borrow().len() as i32
    }

    unsafe fn getEvent(&self, index: i32, event: *mut RawEvent) -> tresult {
        let events = self.events.borrow();
        let found = usize::try_from(index).ok().and_then(|index| events.get(index));
        let Some(found) = found else { return kInvalidArgument };
        // SAFETY: the caller gives a place for an event.
        unsafe { *event = *found };
        kResultOk
    }

    unsafe fn addEvent(&self, event: *mut RawEvent) -> tresult {
        let mut events = self.events.borrow_mut();
        if events.len() >= self.limit {
            return kOutOfMemory;
        }
        // SAFETY: the caller gives an event.
        events.push(unsafe { *event });
        kResultOk
    }
}

fn raw(event: &Event) -> Option<RawEvent> {
    let on = |voice: Voice, velocity| {
        let note = NoteOnEvent {
            channel: voice.channel,
            pitch: voice.key,
            tuning: 0.0,
            velocity,
            length: 0,
            noteId: voice.id,
        };
        (Types::kNoteOnEvent, Event__type0 { noteOn: note })
    };
    let off = |voice: Voice, velocity| {
        let note = NoteOffEvent {
            channel: voice.channel,
            pitch: voice.key,
            velocity,
            noteId: voice.id,
            tuning: 0.0,
        };
        (Types::kNoteOffEvent, Event__type0 { noteOff: note })
    };
    let (kind, body) = match event.kind {
        Kind::On(voice, velocity) => on(voice, velocity),
        Kind::Off(voice, velocity) => off(voice, velocity),
        // A host turns MIDI's notes into note events; a note-on of velocity 0 is a note-off there.
        Kind::Midi([status, key, velocity]) => {
            let voice = Voice::new((status & 15).into(), key.into());
            let force = f32::from(velocity) / 127.0;
            match status & 0xF0 {
                0x90 if velocity > 0 => on(voice, force),
                0x80 | 0x90 => off(voice, force),
                _ => return None,
            }
        }
        Kind::Choke(_) | Kind::Knob(..) => return None,
    };
    Some(RawEvent {
        busIndex: 0,
        sampleOffset: event.offset as i32,
        ppqPosition: 0.0,
        flags: 0,
        r#type: kind as u16,
        __field0: body,
    })
}

fn known(event: &RawEvent) -> Option<Event> {
    // SAFETY: the type says which of the union's fields was written.
    let kind = unsafe {
        match u32::from(event.r#type) {
            Types::kNoteOnEvent => {
                let NoteOnEvent { channel, pitch, velocity, noteId, .. } = event.__field0.noteOn;
                Kind::On(Voice { id: noteId, channel, key: pitch }, velocity)
            }
            Types::kNoteOffEvent => {
                let NoteOffEvent { channel, pitch, velocity, noteId, .. } = event.__field0.noteOff;
                Kind::Off(Voice { id: noteId, channel, key: pitch }, velocity)
            }
            Types::kLegacyMIDICCOutEvent => {
                let LegacyMIDICCOutEvent { controlNumber, channel, value, .. } = event.__field0.midiCCOut;
                Kind::Midi([0xB0 | (channel as u8 & 15), controlNumber, value as u8])
            }
            _ => return None,
        }
    };
    Some(Event { offset: event.sampleOffset as u32, kind })
}

/// Movements of knobs, a queue for each.
#[derive(Default)]
pub struct KnobChanges(RefCell<Vec<ComWrapper<Queue>>>);

impl KnobChanges {
    /// Adds a movement; those of one knob come in order of offset.
    pub fn add(&self, id: u32, offset: u32, value: f64) {
        self.queue(id).points.borrow_mut().push((offset as i32, value));
    }

    /// All movements.
    pub fn events(&self) -> Vec<Event> {
        let moves = |queue: &ComWrapper<Queue>| {
            let id = queue.id;
            let points = queue.points.borrow().clone();
            points
                .into_iter()
                .map(move |(offset, value)| Event { offset: offset as u32, kind: Kind::Knob(id, value) })
        };
        self.0.borrow().iter().flat_map(moves).collect()
    }

    fn queue(&self, id: u32) -> ComWrapper<Queue> {
        let mut queues = self.0.borrow_mut();
        if let Some(queue) = queues.iter().find(|queue| queue.id == id) {
            return queue.clone();
        }
        let queue = ComWrapper::new(Queue { id, points: RefCell::default() });
        queues.push(queue.clone());
        queue
    }
}

impl Class for KnobChanges {
    type Interfaces = (IParameterChanges,);
}

/// The pointer that the plugin takes, good for as long as the changes.
pub fn as_changes(changes: &ComWrapper<KnobChanges>) -> *mut IParameterChanges {
    changes.as_com_ref().expect("it is one").as_ptr()
}

fn as_queue(queue: &ComWrapper<Queue>) -> *mut IParamValueQueue {
    queue.as_com_ref().expect("it is one").as_ptr()
}

impl IParameterChangesTrait for KnobChanges {
    unsafe fn getParameterCount(&self) -> i32 {
        self.0.borrow().len() as i32
    }

    unsafe fn getParameterData(&self, index: i32) -> *mut IParamValueQueue {
        let queues = self.0.borrow();
        let found = usize::try_from(index).ok().and_then(|index| queues.get(index));
        found.map_or(std::ptr::null_mut(), as_queue)
    }

    unsafe fn addParameterData(&self, id: *const ParamID, index: *mut i32) -> *mut IParamValueQueue {
        // SAFETY: the caller gives an id and a place for the index.
        unsafe {
            let queue = self.queue(*id);
            *index = self.0.borrow().iter().position(|queue| queue.id == *id).unwrap_or(0) as i32;
            as_queue(&queue)
        }
    }
}

/// The movements of one knob.
pub struct Queue {
    id: u32,
    points: RefCell<Vec<(i32, f64)>>,
}

impl Class for Queue {
    type Interfaces = (IParamValueQueue,);
}

impl IParamValueQueueTrait for Queue {
    unsafe fn getParameterId(&self) -> ParamID {
        self.id
    }

    unsafe fn getPointCount(&self) -> i32 {
        self.points.borrow().len() as i32
    }

    unsafe fn getPoint(&self, index: i32, offset: *mut i32, value: *mut ParamValue) -> tresult {
        let points = self.points.borrow();
        let found = usize::try_from(index).ok().and_then(|index| points.get(index));
        let Some(&(at, to)) = found else { return kInvalidArgument };
        // SAFETY: the caller gives places for both.
        unsafe { (*offset, *value) = (at, to) };
        kResultOk
    }

    unsafe fn addPoint(&self, offset: i32, value: ParamValue, index: *mut i32) -> tresult {
        let mut points = self.points.borrow_mut();
        points.push((offset, value));
        // SAFETY: the caller gives a place for the index.
        unsafe { *index = points.len() as i32 - 1 };
        kResultOk
    }
}
