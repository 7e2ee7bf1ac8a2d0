/// `./heddle demo`: a cloud on one computer, set up and tried before the newcomer's eyes.
///
/// Everything is real but the distance: a controller, two hypervisors with an Open vSwitch each,
/// machines that ask for their addresses by DHCP. [io.heddle.demo.Tour] is the story;
/// [io.heddle.demo.Site] is where it happens and cleans up whatever comes; what was expected and
/// what was seen is kept by [io.heddle.demo.Scorecard]. Everything goes over the API and
/// `ovs-vsctl`, as for any user.
@NullMarked
package io.heddle.demo;

import org.jspecify.annotations.NullMarked;
