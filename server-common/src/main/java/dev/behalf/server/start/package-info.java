/** What a server does between its start and the moment it reports that it is ready. */
@NullMarked
package dev.behalf.server.start;

import org.jspecify.annotations.NullMarked;
