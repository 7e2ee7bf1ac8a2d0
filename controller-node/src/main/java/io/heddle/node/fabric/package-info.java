/// The shells between the pure core and the switches: they carry out what the core says and tell it
/// what came of it.
///
/// One thread, the *fabric thread*, owns the compiler, every host's program and what hosts
/// reported; sockets hand over to it and never wait for it. Start with
/// [io.heddle.node.fabric.Fabric].
@NullMarked
package io.heddle.node.fabric;

import org.jspecify.annotations.NullMarked;
