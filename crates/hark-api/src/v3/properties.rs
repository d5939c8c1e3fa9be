//! Properties: the attributes that a project gives its tickets and contacts.

use hark_core::properties::{PROPERTIES, PropertyInput};
use hark_store::Permission;

use super::resource::Routes;
use crate::operation::Operation;

static ROUTES: Routes = Routes {
    resource: &PROPERTIES,
    all: "/v3/properties",
    one: "/v3/properties/{propertyId}",
    parameter: "propertyId",
    list: ("FindProperties", "List properties"),
    create: ("CreateProperty", "Create a property"),
    get: ("FindPropertyById", "A property"),
    update: ("UpdateProperty", "Change a property"),
    delete: ("DeleteProperty", "Delete a property"),
    read: Permission::SettingsRead,
    write: Permission::SettingsManage,
};

pub(crate) fn operations() -> Vec<Operation> {
    ROUTES.operations::<PropertyInput>()
}
