package dev.annals.lanes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.annals.lanes.LaneShares.Member;
import dev.annals.lanes.LaneShares.Share;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class LaneSharesTest {

    private static Member member(String id, Set<Integer> owns, Set<Integer> warm) {
        return new Member(id, id + ":8080", owns, warm);
    }

    private static List<Integer> owned(LaneShares shares, String id) {
        return shares.ownedBy(share(shares, id));
    }

    private static Share share(LaneShares shares, String id) {
        return shares.members().stream()
                .filter(each -> each.member().id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void the_first_member_gets_all() {
        LaneShares shares = LaneShares.of(3, List.of(member("a", Set.of(), Set.of())), 1);

        assertThat(owned(shares, "a")).containsExactly(0, 1, 2);
        assertThat(shares.addresses()).containsEntry(2, "a:8080");
        assertThat(share(shares, "a").standby()).isEmpty();
    }

    @Test
    void a_newcomer_is_warmed_up_before_a_lane_moves_to_it() {
        LaneShares shares =
                LaneShares.of(2, List.of(member("a", Set.of(0, 1), Set.of(0, 1)), member("b", Set.of(), Set.of())), 0);

        assertThat(owned(shares, "a")).containsExactly(0, 1);
        assertThat(share(shares, "b").moving()).hasSize(1);
        assertThat(share(shares, "b").standby()).isEqualTo(share(shares, "b").moving());
    }

    @Test
    void a_lane_that_moves_is_given_up_before_it_is_given_away() {
        Member before = member("a", Set.of(0, 1), Set.of(0, 1));

        LaneShares first = LaneShares.of(2, List.of(before, member("b", Set.of(), Set.of(1))), 0);
        LaneShares then =
                LaneShares.of(2, List.of(member("a", Set.of(0), Set.of(0)), member("b", Set.of(), Set.of(1))), 0);

        assertThat(owned(first, "a")).containsExactly(0);
        assertThat(owned(first, "b")).isEmpty();
        assertThat(owned(then, "a")).containsExactly(0);
        assertThat(owned(then, "b")).containsExactly(1);
    }

    @Test
    void lanes_of_who_is_gone_go_to_who_is_warm() {
        LaneShares shares = LaneShares.of(
                3,
                List.of(
                        member("a", Set.of(0), Set.of(0)),
                        member("b", Set.of(1), Set.of(1)),
                        member("c", Set.of(), Set.of(2))),
                0);

        assertThat(owned(shares, "c")).containsExactly(2);
    }

    @Test
    void each_lane_is_followed_by_others_than_its_owner() {
        LaneShares shares = LaneShares.of(
                2,
                List.of(
                        member("a", Set.of(0), Set.of(0)),
                        member("b", Set.of(1), Set.of(1)),
                        member("c", Set.of(), Set.of())),
                2);

        assertThat(share(shares, "a").standby()).containsExactly(1);
        assertThat(share(shares, "b").standby()).containsExactly(0);
        assertThat(share(shares, "c").standby()).containsExactly(0, 1);
    }

    /** Round after round, as the group would have it: everybody is warm for what he follows by the next one. */
    @Property
    void comes_to_rest_evenly_and_with_every_lane_owned(
            @ForAll @IntRange(min = 1, max = 12) int lanes,
            @ForAll @IntRange(min = 1, max = 5) int count,
            @ForAll @IntRange(max = 2) int standbys,
            @ForAll long seed) {
        Random random = new Random(seed);
        Collection<Member> members = new ArrayList<>();
        List<Integer> free = IntStream.range(0, lanes).boxed().collect(Collectors.toCollection(ArrayList::new));
        for (int i = 0; i < count; i++) {
            Set<Integer> owns = new TreeSet<>(free.subList(0, random.nextInt(free.size() + 1)));
            free.removeAll(owns);
            members.add(member("m" + i, owns, owns));
        }

        for (int round = 0; round < 3 * lanes + 3; round++) {
            LaneShares shares = LaneShares.of(lanes, members, standbys);
            members = next(shares, members);
        }

        LaneShares rest = LaneShares.of(lanes, members, standbys);
        List<Integer> all = new ArrayList<>();
        for (Share each : rest.members()) {
            assertThat(each.moving()).isEmpty();
            all.addAll(rest.ownedBy(each));
            assertThat(rest.ownedBy(each).size()).isBetween(lanes / count, Math.ceilDiv(lanes, count));
            assertThat(rest.ownedBy(each))
                    .containsExactlyInAnyOrderElementsOf(each.member().owns());
        }
        assertThat(all)
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, lanes).boxed().toList());
    }

    private static List<Member> next(LaneShares shares, Collection<Member> before) {
        List<Member> after = new ArrayList<>();
        for (Member each : before) {
            Share share = share(shares, each.id());
            Set<Integer> owns = new TreeSet<>(shares.ownedBy(share));
            for (int lane : owns) { // nobody is given what another one has
                assertThat(before)
                        .noneMatch(other ->
                                !other.id().equals(each.id()) && other.owns().contains(lane));
            }
            Set<Integer> warm = new TreeSet<>(owns);
            warm.addAll(share.standby());
            after.add(member(each.id(), owns, warm));
        }
        return after;
    }
}
