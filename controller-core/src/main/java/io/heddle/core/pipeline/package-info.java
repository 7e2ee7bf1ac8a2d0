/// The switch program: its tables, and every bit that packets carry from one to the next.
///
/// [io.heddle.core.pipeline.Stage] lists the tables in the order in which packets meet them; a
/// table's number, name, what it is for and what happens to a packet that no flow of it matches
/// stand there and nowhere else. [io.heddle.core.pipeline.Registers] lists the fields.
/// `docs/pipeline.md` is generated from both.
///
/// Rules name stages and fields, never numbers. Values only.
@NullMarked
package io.heddle.core.pipeline;

import org.jspecify.annotations.NullMarked;
