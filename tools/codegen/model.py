"""A service as the generator sees it: the imported model with the annotations laid over it, and the C++ names."""
import json
import re

KEYWORDS = {'default', 'delete', 'operator', 'namespace', 'class', 'private', 'public', 'template', 'new', 'union',
            'register', 'export', 'switch', 'this', 'using', 'model', 'and', 'or', 'not'}
SCALARS = {'string': 'std::string', 'integer': 'std::int32_t', 'long': 'std::int64_t', 'boolean': 'bool',
           'timestamp': 'Time', 'blob': 'std::string'}


def snake(name):
    """CreateOpenIDConnectProvider -> create_open_id_connect_provider: the names that boto3 users know."""
    name = re.sub(r'(.)([A-Z][a-z]+)', r'\1_\2', name.replace('-', '_'))
    return re.sub(r'([a-z0-9])([A-Z])', r'\1_\2', name).lower()


def field(name):
    out = snake(name)
    return out + '_' if out in KEYWORDS else out


class Member:
    def __init__(self, name, ref, required, notes):
        ref = {'shape': ref} if isinstance(ref, str) else ref
        self.name, self.shape, self.wire = name, notes.get('shape', ref['shape']), ref.get('name', name)
        self.field = field(name)
        self.place = ref.get('at', 'body')
        self.flattened, self.attribute = ref.get('flattened', False), ref.get('xmlAttribute', False)
        self.required = notes.get('required', required)
        self.percent = notes.get('percent', False)
        self.wording = notes.get('wording')
        self.sensitive = notes.get('sensitive', False)


class Model:
    def __init__(self, root, service, annotations, bound):
        raw = json.loads((root / (service + '.json')).read_text())
        notes = annotations.get(service, {})
        self.service, self.raw, self.operations, self.errors = raw['service'], raw, raw['operations'], raw['errors']
        self.id = service
        self.facts = notes.get('service', {})
        self.shapes = raw['shapes']
        self.bound = sorted(self.operations) if bound == '*' else sorted(bound)
        self._check(service, notes)
        self.shapes.update(notes.get('new_shapes', {}))
        for name, extra in notes.get('shapes', {}).items():
            self.shapes[name].update(extra)
        for name, extra in notes.get('operations', {}).items():
            self.operations[name].update(extra)
        self._flatten()
        self.member_notes, self.order = notes.get('members', {}), notes.get('order', {})

    def _flatten(self):
        """A member may flatten a list that others do not: its list is a shape of its own then."""
        for shape in list(self.shapes.values()):
            for ref_ in shape.get('members', {}).values():
                if isinstance(ref_, dict) and ref_.get('flattened') and not self.shapes[ref_['shape']].get('flattened'):
                    flat = 'Flat' + ref_['shape']
                    self.shapes.setdefault(flat, {**self.shapes[ref_['shape']], 'flattened': True})
                    ref_['shape'] = flat

    def _check(self, service, notes):
        """An annotation of something that is not there is a mistake."""
        unknown = [n for n in notes.get('shapes', {}) if n not in self.shapes]
        unknown += [n for n in notes.get('operations', {}) if n not in self.operations]
        unknown += [n for n in self.bound if n not in self.operations]
        for dotted in notes.get('members', {}):
            shape, member = dotted.split('.')
            if member not in self.shapes.get(shape, {}).get('members', {}):
                unknown.append(dotted)
        for shape, order in notes.get('order', {}).items():
            if set(order) != set(self.shapes.get(shape, {}).get('members', {})):
                unknown.append(shape + ' (order)')
        if unknown:
            raise SystemExit('generate: %s has no %s' % (service, ', '.join(unknown)))

    def type_of(self, shape):
        return self.shapes[shape]['type']

    def members(self, shape):
        """In wire order."""
        s = self.shapes[shape]
        names = self.order.get(shape, list(s['members']))
        out = [Member(n, s['members'][n], n in s.get('required', ()), self.member_notes.get(shape + '.' + n, {}))
               for n in names]
        for m in out:
            if m.name == s.get('payload'):
                m.place = 'payload'
        return out

    def cpp(self, shape):
        """The C++ type of a value of this shape."""
        s = self.shapes[shape]
        if s['type'] in SCALARS:
            return SCALARS[s['type']]
        if s['type'] == 'list':
            return 'std::vector<%s>' % self.cpp(ref(s['member']))
        if s['type'] == 'map':
            return 'std::vector<std::pair<std::string, %s>>' % self.cpp(ref(s['value']))
        return shape

    def parts(self, shape):
        """The shapes that this one names."""
        s = self.shapes[shape]
        if s['type'] == 'structure':
            return [m.shape for m in self.members(shape)]
        return [ref(s[k]) for k in ('member', 'key', 'value') if k in s]

    def reachable(self):
        """All shapes that the bound operations need, without the operations' own input and output; dependencies come
        before what uses them, except in cycles."""
        out, seen = [], set()

        def visit(shape):
            if shape in seen:
                return
            seen.add(shape)
            for part in self.parts(shape):
                visit(part)
            out.append(shape)

        for op in self.bound:
            for end in ('in', 'out'):
                if end in self.operations[op]:
                    for part in self.parts(self.operations[op][end]):
                        visit(part)
        return out


def ref(member):
    return member if isinstance(member, str) else member['shape']
