/// What the controller hears of its hosts: values, and the interface through which they are told.
///
/// Pure: nothing here knows of sockets or threads. [HostEvents] is called from the thread of the
/// host's OVSDB session, one call after the other for one host, and must not block. A [HostReport]
/// is complete: it replaces the one before, so a listener that missed one has lost nothing.
///
/// Start with [HostEvents].
@NullMarked
package io.heddle.ovsdb.report;

import org.jspecify.annotations.NullMarked;
