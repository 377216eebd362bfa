"""Random choices, with the words that the generator thinks in."""

import random


class Dice(random.Random):
    def chance(self, probability):
        return self.random() < probability

    def pick(self, items):
        return items[int(self.random() * len(items))]

    def weighted(self, table):
        """One of [(weight, item), …]."""
        point = self.random() * sum(weight for weight, _ in table)
        for weight, item in table:
            point -= weight
            if point < 0:
                return item
        return table[-1][1]

    def some(self, items, most):
        """Up to `most` of them, in any order, perhaps one twice."""
        return [self.pick(items) for _ in range(int(self.random() * (most + 1)))]

    def shuffled(self, items):
        items = list(items)
        self.shuffle(items)
        return items

    def one_or_list(self, items):
        """A list of one may be written as the thing itself. [L-13]"""
        return items[0] if len(items) == 1 and self.chance(0.6) else items
