/// A node's certificate, and mutual TLS with it: read from files, and read again when they change.
///
/// [io.heddle.node.tls.TlsFiles] says where they are and reads them, whole or not at all;
/// [io.heddle.node.tls.NodeTls] keeps the newest that can be used, watches the files on a thread of
/// its own, and hands out what sockets need: contexts and managers that always stand for the
/// newest. Connections that exist are left alone; the next handshake uses what is new.
@NullMarked
package io.heddle.node.tls;

import org.jspecify.annotations.NullMarked;
