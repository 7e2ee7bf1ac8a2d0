/// A client that has read nothing but the contract, and wishes the server ill.
///
/// [io.heddle.node.contract.SchemaValues] makes JSON from the schemas of `openapi.yaml`: valid,
/// nearly valid, hostile. [io.heddle.node.contract.RandomRequests] makes requests of it.
/// [io.heddle.node.contract.RandomClientTest] sends them to a whole node and holds each answer
/// against the contract, and what is left against [io.heddle.node.contract.ImageRules].
@NullMarked
package io.heddle.node.contract;

import org.jspecify.annotations.NullMarked;
