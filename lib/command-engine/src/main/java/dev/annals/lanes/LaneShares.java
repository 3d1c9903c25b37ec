package dev.annals.lanes;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Shares out the lanes of a type: as evenly as it goes, each to the one who has it, and from an owner that lives only
 * to somebody who is warm for it. The same members come to the same shares.
 */
final class LaneShares {

    private final int lanes;
    private final List<Share> shares;

    /** Who owns each lane; one that is about to move has no owner until the one before has given it up. */
    private final SortedMap<Integer, Share> owners = new TreeMap<>();

    /**
     * A member as it is before.
     *
     * @param address where other instances reach it
     * @param owns the lanes that it has now
     * @param warm the lanes that it could have at once
     */
    record Member(String id, String address, Set<Integer> owns, Set<Integer> warm) {}

    /** What a member gets. */
    static final class Share {

        private final Member member;
        private final Set<Integer> standby = new TreeSet<>();
        private final Set<Integer> moving = new TreeSet<>();

        /** How many lanes it has, those that are to come to it included. */
        private int load;

        private Share(Member member) {
            this.member = member;
        }

        Member member() {
            return member;
        }

        /** Lanes that it follows. */
        List<Integer> standby() {
            return List.copyOf(standby);
        }

        /** Of these, the ones that come to it as soon as it is warm. */
        List<Integer> moving() {
            return List.copyOf(moving);
        }

        private int load() {
            return load;
        }

        private String id() {
            return member.id;
        }

        private boolean isCold(int lane) {
            return !member.warm.contains(lane);
        }

        private int followed() {
            return standby.size();
        }
    }

    private LaneShares(int lanes, Collection<Member> members) {
        this.lanes = lanes;
        this.shares = members.stream()
                .sorted(Comparator.comparing(Member::id))
                .map(Share::new)
                .toList();
    }

    /**
     * @param members at least one
     * @param standbys how many members follow each lane beside its owner, as far as there are any
     */
    static LaneShares of(int lanes, Collection<Member> members, int standbys) {
        LaneShares all = new LaneShares(lanes, members);
        all.keep();
        all.giveAway();
        all.level();
        all.follow(standbys);
        return all;
    }

    List<Share> members() {
        return shares;
    }

    /** The lanes that a member owns. */
    List<Integer> ownedBy(Share member) {
        return owners.keySet().stream()
                .filter(lane -> owners.get(lane) == member)
                .toList();
    }

    /** The address of the owner by lane. */
    SortedMap<Integer, String> addresses() {
        SortedMap<Integer, String> addresses = new TreeMap<>();
        owners.forEach((lane, owner) -> addresses.put(lane, owner.member.address));
        return addresses;
    }

    private void keep() {
        for (Share share : shares) {
            for (int lane : share.member.owns) {
                if (lane < lanes && owners.putIfAbsent(lane, share) == null) {
                    share.load++;
                }
            }
        }
    }

    /** Lanes that nobody has: to who is warm, if that has no more than its part. */
    private void giveAway() {
        int part = Math.ceilDiv(lanes, shares.size());
        for (int lane = 0; lane < lanes; lane++) {
            if (!owners.containsKey(lane)) {
                int free = lane;
                Share to = least(Comparator.comparing((Share each) -> each.load >= part)
                        .thenComparing(each -> each.isCold(free))
                        .thenComparingInt(Share::load));
                owners.put(lane, to);
                to.load++;
            }
        }
    }

    private Share least(Comparator<Share> order) {
        return shares.stream().min(order.thenComparing(Share::id)).orElseThrow();
    }

    /** From who has two more than another, until nobody has. */
    private void level() {
        Integer lane;
        do {
            Share from = least(Comparator.comparingInt(Share::load).reversed());
            Share to = least(Comparator.comparingInt(Share::load));
            lane = from.load - to.load < 2 ? null : movable(from, to);
            if (lane != null) {
                move(lane, from, to);
            }
        } while (lane != null);
    }

    private @Nullable Integer movable(Share from, Share to) {
        List<Integer> all = new ArrayList<>(ownedBy(from));
        shares.forEach(each -> all.removeAll(each.moving));
        return all.stream()
                .min(Comparator.comparing(to::isCold).thenComparing(from.member.owns::contains))
                .orElse(null);
    }

    private void move(int lane, Share from, Share to) {
        from.load--;
        to.load++;
        if (!from.member.owns.contains(lane)) {
            owners.put(lane, to); // nobody has it yet
            return;
        }
        to.standby.add(lane); // until it comes
        if (to.isCold(lane)) {
            to.moving.add(lane);
        } else {
            owners.remove(lane);
        }
    }

    private void follow(int standbys) {
        for (int each = 0; each < lanes; each++) {
            int lane = each;
            shares.stream()
                    .filter(share -> !Objects.equals(owners.get(lane), share))
                    .sorted(Comparator.comparing((Share share) -> share.isCold(lane))
                            .thenComparingInt(Share::followed)
                            .thenComparing(Share::id))
                    .limit(standbys)
                    .forEach(share -> share.standby.add(lane));
        }
    }
}
