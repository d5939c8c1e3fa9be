//! Conversations: tickets as their contact has them in the messenger.
//!
//! A contact sees its own tickets by their share tokens, and of these what is meant for it: no notes,
//! no properties of the inbox. Whatever it sends carries an id of its choice, so that what is sent
//! again after a lost answer is not written twice.

mod reference;
mod rules;
mod shared;
mod view;

pub use reference::{Reference, reference};
pub use rules::{
    Context, Conversations, Input, Opening, list, messages, open, own, rate, read, reported_files, send,
    send_to, typing, unread_in,
};
pub use shared::{Shared, comment, find};
pub use view::{ConversationView, MessageView, SenderView, SharedView, conversation, message, named, shared};
