/** Share links: a page that shows one job, for reading, to whoever has its address. */
@NullMarked
package dev.behalf.web.work.shares;

import org.jspecify.annotations.NullMarked;
