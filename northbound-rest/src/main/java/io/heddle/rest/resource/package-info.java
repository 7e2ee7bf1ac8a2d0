/// The resources of the API, one class each: how a row looks in JSON, which command a body asks
/// for, and which fields a list may be filtered by.
///
/// [io.heddle.rest.resource.ResourceType] is what such a class says; whatever it leaves out (verbs,
/// paging, ETags, idempotency, waiting, who may) is done for all of them alike in
/// `io.heddle.rest.handler`. A new kind of resource is a section of `openapi.yaml`, a class here,
/// and a line in [io.heddle.rest.resource.ResourceTypes].
///
/// Pure: a type reads an image and makes commands.
@NullMarked
package io.heddle.rest.resource;

import org.jspecify.annotations.NullMarked;
