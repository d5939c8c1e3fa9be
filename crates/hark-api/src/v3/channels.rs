//! Channels: the ways on which customers reach a project.

use hark_core::channels::{CHANNELS, ChannelInput};
use hark_store::Permission;

use super::resource::Routes;
use crate::operation::Operation;

static ROUTES: Routes = Routes {
    resource: &CHANNELS,
    all: "/v3/channels",
    one: "/v3/channels/{channelId}",
    parameter: "channelId",
    list: ("FindChannels", "List channels"),
    create: ("CreateChannel", "Create a channel"),
    get: ("FindChannelById", "A channel"),
    update: ("UpdateChannel", "Change a channel"),
    delete: ("DeleteChannel", "Delete a channel"),
    read: Permission::SettingsRead,
    write: Permission::SettingsManage,
};

pub(crate) fn operations() -> Vec<Operation> {
    ROUTES.operations::<ChannelInput>()
}
