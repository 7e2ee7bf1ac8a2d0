/// Tests of the session, most of them against a real Open vSwitch.
@NullMarked
package io.heddle.openflow.session;

import org.jspecify.annotations.NullMarked;
