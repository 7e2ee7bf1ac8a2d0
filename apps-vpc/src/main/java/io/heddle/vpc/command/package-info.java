/// What tenants and operators may ask of projects, VPCs, subnets and ports.
///
/// Each command is a record of what was asked, and its `decide` says yes, with rows, or no, with a
/// [io.heddle.core.store.Problem] that names the request's field, the value, the reason and what
/// would be accepted. A command carries its caller's project: what belongs to another project does
/// not exist. Numbers, MACs and addresses are allocated here and stored with the rows, never in a
/// rule.
///
/// Pure: a draft in, facts or a problem out. Start with [io.heddle.vpc.command.CreateVpc], then
/// [io.heddle.vpc.command.CreatePort].
@NullMarked
package io.heddle.vpc.command;

import org.jspecify.annotations.NullMarked;
